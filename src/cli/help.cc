// Hand-written, so that it reads like the rest; tests/unit/cli/help_test.cc holds it to the options that main.cc takes.
#include "src/cli/help.h"

#include <array>

namespace writ::cli {
namespace {

struct Topic {
  std::string_view name;
  std::string_view summary;  // one line of the overview
  std::string_view text;
};

constexpr std::string_view kPaths =
    "  PATH            a policy file, or a folder: all .writ files below it, taken together, are one policy\n";

constexpr std::string_view kCheck =
    R"(usage: writ check [--json] [--cost] [--max-steps N] [--max-bytes N] [--werror] PATH...

Compiles a policy and says everything that is wrong with it, or suspicious.

  --json          one JSON object: every diagnostic with its name, place and help
  --cost          what a decision can cost at most, for each action and type, and how large the compiled form is
  --max-steps     steps that a decision may take, in place of 1000000: more is the error `over-budget`
  --max-bytes     bytes that the compiled form may have, in place of 1073741824
  --werror        warnings count as errors

The cost of a decision is bounded, because conditions have no loops but `any` and `all`. For each action and type the
table of --cost says, for the worst id there is: how many keys are looked up, how many entries (what a statement says of
that action and type) are evaluated, and how many nodes of their conditions are visited, without agents or with one.
Each further agent of the chain adds the visits of what is judged for each agent. Steps are all of these together, for a
chain of eight agents; those of a set are of a request for every resource at once. The body of an `any` or `all` counts
once here, and is visited once for each element of its set: in data, or in the request.

exit status: 0 no error, 1 an error (or, with --werror, a warning), 2 something cannot be read

example:
  $ writ check --cost policies/billing
)";

constexpr std::string_view kFmt = R"(usage: writ fmt [--check] PATH...

Writes policy files in their one canonical form, comments kept. A file that does not parse stays as it is.

  -               in place of PATH: from standard input to standard output
  --check         write nothing; list the files that are not in canonical form

exit status: 0 done, 1 a file does not parse (or, with --check, is not in canonical form), 2 something cannot be read
or written

example:
  $ writ fmt policies/billing
  $ writ fmt --check policies && echo "all in form"
)";

constexpr std::string_view kTest = R"(usage: writ test [--coverage] [--json] [--junit FILE] PATH...

Runs the `test` blocks of a policy. What an expectation does not write is not asserted; the texts behind `because` and
`ask` must be all there are.

  --coverage      also which statements never applied, or never did not, and which conditions were never true or never
                  false, over all tests
  --json          one JSON object in place of the text, with the coverage
  --junit FILE    also write a report for build servers

exit status: 0 all passed, 1 a test failed or the policy has an error, 2 something cannot be read or written

example:
  $ writ test --coverage policies/billing
)";

constexpr std::string_view kDecide = R"(usage: writ decide PATH|IMAGE... [option...]

Decides requests: one JSON object a line in, one decision a line out, in the same order. A line that cannot be
understood is answered by {"error":...} with its number, and the rest go on.

  IMAGE           a file made by `writ compile`, in place of PATH
  --verify-with K the image must be signed by one of these keys (see `writ help compile`): a JSON Web Key Set, or a
                  folder of keys; or it must be sha256:HEX
  --data FILE     entities, as a JSON array or one object a line; may be given several times. An image that has
                  entities (`writ compile --data`) brings its own, and takes no others
  --requests FILE the requests; `-`, as without it, is standard input
  --now TIME      the clock for requests that carry no time, like 2026-03-02T09:00:00Z; without it the machine's
  --explain       each decision with its trace: every statement that speaks of the request, and how it came out
  --public        only what may be shown to the client
  --exit-status   exit with 1 if a request is not allowed

exit status: 0 done, 1 as said, 2 the policy, the data or a request cannot be read or understood

example:
  $ echo '{"user":"user:alice","scope":"read:invoice_123"}' |
      writ decide policies/billing --data policies/billing/data.json
)";

constexpr std::string_view kNegotiate = R"(usage: writ negotiate PATH|IMAGE... [option...]

Answers requests for several scopes: what of them may be granted in one token, what needs a step up, and what is refused
and why. One JSON object a line in, one offer a line out. A set of resources is narrowed to the widest parts of it that
may be granted.

  IMAGE           a file made by `writ compile`, in place of PATH
  --verify-with K the image must be signed by one of these keys (see `writ help compile`): a JSON Web Key Set, or a
                  folder of keys; or it must be sha256:HEX
  --data FILE     entities, as a JSON array or one object a line; may be given several times. An image that has
                  entities (`writ compile --data`) brings its own, and takes no others
  --requests FILE the requests; `-`, as without it, is standard input
  --now TIME      the clock for requests that carry no time, like 2026-03-02T09:00:00Z; without it the machine's
  --public        only what may be shown to the client
  --exit-status   exit with 1 if of a request nothing is granted

A request has `scopes`, and beside them may have `held`, the scopes that the caller has already: the answer says
"cut":true where nothing was granted that is not among them. With "ceiling":true a set is granted if some resource in it
might be allowed, and each use must be decided again.

exit status: 0 done, 1 as said, 2 the policy, the data or a request cannot be read or understood

example:
  $ echo '{"user":"user:alice","scopes":["read:invoice_*","profile.read"],"context":{"tainted":false}}' |
      writ negotiate policies/billing --data policies/billing/data.json
)";

constexpr std::string_view kList = R"(usage: writ list PATH|IMAGE... [option...]

Lists the resources in the data that a user and agents may act on, or the actions that they may do on one resource. One
JSON object a line in, one list a line out.

  IMAGE           a file made by `writ compile`, in place of PATH
  --verify-with K the image must be signed by one of these keys (see `writ help compile`): a JSON Web Key Set, or a
                  folder of keys; or it must be sha256:HEX
  --data FILE     entities, as a JSON array or one object a line; may be given several times. An image that has
                  entities (`writ compile --data`) brings its own, and takes no others
  --requests FILE what to list; `-`, as without it, is standard input
  --now TIME      the clock for requests that carry no time, like 2026-03-02T09:00:00Z; without it the machine's
  --after ID      only resources whose ids come after this one: "next" of the page before
  --limit N       at most so many resources a line, 1 to 10000; without it 100

"every":true says that all resources of the type are allowed, also those that are not in the data; "more":true that
there may be others, and "next" where to go on. A page looks at 100000 resources at most, so that it may hold fewer than
it could, or none, and still not be the last.

exit status: 0 done, 2 the policy, the data or a request cannot be read or understood

example:
  $ echo '{"user":"user:alice","action":"read","type":"invoice"}' |
      writ list policies/billing --data policies/billing/data.json
  $ echo '{"user":"user:alice","resource":"invoice:123","context":{"tainted":false}}' |
      writ list policies/billing --data policies/billing/data.json
)";

constexpr std::string_view kExplain = R"(usage: writ explain PATH|IMAGE... --user U --scope S [option...]

Decides one request and says why: which statements applied, which came near, and what would have made them apply.

  IMAGE           a file made by `writ compile`, in place of PATH
  --verify-with K the image must be signed by one of these keys (see `writ help compile`): a JSON Web Key Set, or a
                  folder of keys; or it must be sha256:HEX
  --user U        who asks: alice, or user:alice
  --agent A       the agent through which it is asked; for a chain several times, the one nearest to the user first
  --scope S       what is asked for, as the agent would: read:invoice_123
  --context JSON  facts of the request, as an object: '{"tainted":false}'
  --audience URL  where the token is to be used
  --data FILE     entities; may be given several times. An image that has entities brings its own, and takes no others
  --now TIME      the clock, like 2026-03-02T09:00:00Z; without it the machine's
  --json          as the line of JSON that `writ decide --explain` prints

exit status: 0 whatever the verdict, 2 the policy, the data or the request cannot be read or understood

example:
  $ writ explain policies/billing --data policies/billing/data.json --user alice --agent claude \
      --scope write:invoice_123 --context '{"tainted":false}'
)";

constexpr std::string_view kDump = R"(usage: writ dump --stage=STAGE [--format=FORMAT] PATH...

Prints a form of a policy on its way from text to program.

  IMAGE           a file made by `writ compile`, in place of PATH: its program
  --verify-with K the image must be signed by one of these keys (see `writ help compile`): a JSON Web Key Set, or a
                  folder of keys; or it must be sha256:HEX
  --stage STAGE   ast      as written, nothing resolved
                  typed    names resolved, conditions typed, patterns expanded (this one, if none is named)
                  tree     what is asked for leads to the statements that can matter
                  program  the compiled form, section by section
  --format FORMAT text, json, or for the tree also dot, for Graphviz

exit status: 0 done, 1 the policy has an error, 2 something cannot be read

example:
  $ writ dump --stage=tree policies/billing
  $ writ dump --stage=tree --format=dot policies/billing | dot -Tsvg > tree.svg
)";

constexpr std::string_view kCompile = R"(usage: writ compile PATH... -o FILE [--data FILE...] [--sign KEYS]

Writes the compiled policy as an image: position-independent bytes that `writ decide` and `writ explain` take in place
of text, and that a host can load without a compiler. Equal policies give equal bytes. An image is checked in full
whenever it is loaded. FILE is replaced at once or not at all.

  -o FILE         where to; also --output FILE
  --data FILE     entities that go into the image, too, as for `writ decide`: they are loaded several times faster than
                  from JSON, and are signed with it; may be given several times
  --sign KEYS     write FILE.sig, too: a signature over the image's SHA-256 by the key that signs now, of a folder that
                  `writ keys` made, or of a file with a JSON Web Key. It says who made the image, and is good until the
                  key's time is over; it does not say that there is no newer one. Who takes the image checks it by
                  --verify-with, and by the machine's clock, whatever --now says. FILE.sig is written after FILE: until
                  then, or if it never comes to that, FILE and the signature of its predecessor are refused together

exit status: 0 done, 1 the policy has an error, 2 something cannot be read or written

example:
  $ writ compile policies/billing -o billing.writc
  $ writ decide billing.writc --data policies/billing/data.json --requests policies/billing/requests.jsonl
  $ writ compile policies/billing -o billing.writc --sign keys
  $ writ decide billing.writc --verify-with jwks.json --requests policies/billing/requests.jsonl
)";

constexpr std::string_view kKeys = R"(usage: writ keys new|list|rotate|jwks [option...] DIR

Keys that sign tokens, in a folder: one file a key, readable for its owner alone. No command prints a private part.

  new             a first key; makes the folder. Prints the key's id, its thumbprint (RFC 7638)
  list            every key: its id, its algorithm, and whether it signs or only verifies, and until when
  rotate          a further key, which signs from now on. Those before it verify until the tokens they have signed are
                  dead; keys whose time is over are removed
  jwks            the public keys, for whoever verifies: a JSON Web Key Set

  --alg ALG       EdDSA, ES256, RS256, PS256 or HS256; EdDSA, or when rotating that of the key that signs, if none is
                  named. A key of HS256 has no public part: only who mints can verify
  --token-life TIME
                  no token that the key signs lives longer, whatever the policy grants; 24h, or when rotating that of
                  the key that signs. A key that is rotated away verifies for so long after its last token, and 5
                  minutes more for clocks that differ; of a key that has leaked take the file away instead
  --after TIME    when rotating: the new key is published now and signs from then on, for verifiers that keep a copy of
                  the public keys for a while, and for servers that mint, which must have read the folder again by then;
                  0s
  --now TIME      the clock, like 2026-03-02T09:00:00Z; without it the machine's
  --json          list: one JSON object a line

exit status: 0 done, 2 the folder or a key in it cannot be used, or others may read it

example:
  $ writ keys new --alg ES256 --token-life 1h keys
  $ writ keys rotate --after 1h keys
  $ writ keys jwks keys > jwks.json
)";

constexpr std::string_view kMint =
    R"(usage: writ mint PATH|IMAGE... --keys DIR --issuer URL --audience URL --user U --scope S... [option...]

Decides, and prints the token that says what was granted (RFC 9068). There is no token without a decision: what was
narrowed, refused, or needs a step up is said on standard error.

  IMAGE           a file made by `writ compile`, in place of PATH
  --verify-with K the image must be signed by one of these keys (see `writ help compile`): a JSON Web Key Set, or a
                  folder of keys; or it must be sha256:HEX
  --keys DIR      the folder that `writ keys` made; the key that signs now is taken
  --issuer URL    who issues the token
  --audience URL  the one server that it is for
  --user U        who asks: alice, or user:alice
  --agent A       the agent through which it is asked; for a chain several times, the one nearest to the user first
  --scope S       what is asked for, as the agent would: read:invoice_123; may be given several times
  --context JSON  facts of the request, as an object: '{"tainted":false}'
  --client ID     the client that asked for it; without it the last agent of the chain, or else the user
  --proof-key T   the thumbprint of the key that the token is bound to; demanded where the policy says `proof dpop`
  --ceiling       grant a set if some resource in it might be allowed; the token says that each use is to be decided
  --data FILE     entities; may be given several times. An image that has entities brings its own, and takes no others
  --now TIME      the clock, like 2026-03-02T09:00:00Z; without it the machine's

exit status: 0 a token was printed, 1 nothing is granted, 2 the policy, the data, the keys or the request cannot be used

example:
  $ writ keys new keys
  $ writ mint policies/billing --data policies/billing/data.json --keys keys --issuer https://as.example \
      --audience https://billing.example --user alice --agent claude --scope read:invoice_123 > token
)";

constexpr std::string_view kVerify = R"(usage: writ verify --jwks FILE --issuer URL --audience URL [option...] TOKEN

Verifies an access token strictly (RFC 9068, RFC 8725), and prints its claims. Whether one that works once was used
before, only those know who have used it.

  TOKEN           the token; `-` reads it from standard input, where no list of processes shows it
  --jwks FILE     the public keys, as `writ keys jwks` prints them
  --issuer URL    who must have issued it
  --audience URL  whom it must be for
  --proof-key T   the thumbprint of the key whose DPoP proof came with it; a token bound to a key is refused without
  --now TIME      the clock, like 2026-03-02T09:00:00Z; without it the machine's

exit status: 0 it is good, 1 it is not, and why on standard error, 2 the keys cannot be read

example:
  $ writ verify --jwks jwks.json --issuer https://as.example --audience https://billing.example - < token
)";

constexpr std::string_view kInspect = R"(usage: writ inspect TOKEN

Decodes a token, for people who look for what is wrong: its header and its claims, as JSON. Nothing of it is verified.

  TOKEN           the token; `-` reads it from standard input, where no list of processes shows it

exit status: 0 decoded, 1 it is no token

example:
  $ writ inspect - < token
)";

constexpr std::string_view kHelp = R"(usage: writ help [COMMAND]

Lists the commands, or shows the options of one and an example.

example:
  $ writ help decide
)";

constexpr std::array<Topic, 14> kTopics{{
    {"check", "compile a policy and say what is wrong with it", kCheck},
    {"fmt", "write policy files in their one canonical form", kFmt},
    {"test", "run the test blocks of a policy", kTest},
    {"decide", "decide requests, one a line", kDecide},
    {"negotiate", "what of several scopes may be granted", kNegotiate},
    {"list", "which resources may be acted on, and how", kList},
    {"explain", "decide one request and say why, for people", kExplain},
    {"dump", "print a policy as syntax, typed, as a tree or as a program", kDump},
    {"compile", "write a compiled policy to a file", kCompile},
    {"keys", "make, list, rotate and publish the keys that sign tokens", kKeys},
    {"mint", "decide, and print the token that says what was granted", kMint},
    {"verify", "verify an access token and print its claims", kVerify},
    {"inspect", "decode a token, verifying nothing", kInspect},
    {"help", "the options of a command, and an example", kHelp},
}};

}  // namespace

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  names.reserve(kTopics.size());
  for (const Topic& topic : kTopics)
    names.push_back(topic.name);
  return names;
}

std::string help_text() {
  std::string out = "writ: policies for what users, and agents acting for them, may do\n\nusage: writ COMMAND ...\n\n";
  for (const Topic& topic : kTopics) {
    out +=
        "  " + std::string(topic.name) + std::string(10 - topic.name.size(), ' ') + std::string(topic.summary) + "\n";
  }
  return out + "\n`writ help COMMAND` shows its options and an example; `writ --version` says which writ this is.\n";
}

std::string help_text(std::string_view command) {
  for (const Topic& topic : kTopics) {
    if (topic.name != command) continue;
    std::string text(topic.text);
    // What PATH is stands before the first option.
    const std::size_t options = text.find("\n\n  ");
    if (options != std::string::npos && text.find(" PATH") != std::string::npos) text.insert(options + 2, kPaths);
    return text;
  }
  return {};
}

}  // namespace writ::cli
