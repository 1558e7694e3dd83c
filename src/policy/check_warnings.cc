#include "src/policy/checker.h"
namespace writ::policy {
void Checker::look_over() {}
void Checker::look_for_redundant_rules() {}
}
