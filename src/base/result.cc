#include "writ/result.h"

namespace writ {

std::string_view code_name(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::kBadScope:
      return "bad_scope";
    case ErrorCode::kUnknownAction:
      return "unknown_action";
    case ErrorCode::kUnknownType:
      return "unknown_type";
    case ErrorCode::kUnknownId:
      return "unknown_id";
    case ErrorCode::kUnknownAttribute:
      return "unknown_attribute";
    case ErrorCode::kUnknownContext:
      return "unknown_context";
    case ErrorCode::kWrongType:
      return "wrong_type";
    case ErrorCode::kBadValue:
      return "bad_value";
    case ErrorCode::kBadId:
      return "bad_id";
    case ErrorCode::kRepeated:
      return "repeated";
    case ErrorCode::kMissingMember:
      return "missing_member";
    case ErrorCode::kUnknownMember:
      return "unknown_member";
    case ErrorCode::kBadJson:
      return "bad_json";
    case ErrorCode::kContradictsData:
      return "contradicts_data";
    case ErrorCode::kTooMany:
      return "too_many";
    case ErrorCode::kUnknownParent:
      return "unknown_parent";
    case ErrorCode::kCycle:
      return "cycle";
    case ErrorCode::kSchemaMismatch:
      return "schema_mismatch";
    case ErrorCode::kUnreadable:
      return "unreadable";
    case ErrorCode::kBadImage:
      return "bad_image";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kBadToken:
      return "bad_token";
    case ErrorCode::kBadKey:
      return "bad_key";
    case ErrorCode::kNotGranted:
      return "not_granted";
    case ErrorCode::kReplayed:
      return "replayed";
    case ErrorCode::kBadRedirect:
      return "bad_redirect";
    case ErrorCode::kBadVerifier:
      return "bad_verifier";
  }
  return "unknown";
}

}  // namespace writ
