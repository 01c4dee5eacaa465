package mdes

// BaseForm names one way to build a signature base string
// (docs/wire/mdes.md "Authentication" says which client builds which).
type BaseForm string

// The forms in use, likeliest first.
const (
	FormMastercard       BaseForm = "mastercard"                     // Go: query pairs decoded and encoded again; ports 80 and 443 dropped
	FormRawQuery         BaseForm = "mastercard-raw-query"           // query pairs as sent
	FormKeptPort         BaseForm = "mastercard-kept-port"           // like mastercard, with an explicit :443 or :80 kept
	FormRawQueryKeptPort BaseForm = "mastercard-raw-query-kept-port" // both
	FormValuesAsSent     BaseForm = "mastercard-values-as-sent"      // the oauth_* values with the escapes they have in the header
	FormJava             BaseForm = "mastercard-java"                // + of the query is data
	FormCSharp           BaseForm = "mastercard-csharp"              // the same, and the query is always encoded
	FormPython           BaseForm = "mastercard-python"              // sorted as whole texts
	FormPHP              BaseForm = "mastercard-php"                 // the query encoded a second time, natural order
	FormNode             BaseForm = "mastercard-node"                // what encodeURIComponent leaves stays
	FormRuby             BaseForm = "mastercard-ruby"                // without any port, the query before the rest, in the encoding of web forms
	FormNodeOld          BaseForm = "mastercard-node-old"            // the same, in the encoding of mastercard-node
	FormRFC5849          BaseForm = "rfc5849"                        // every key and value encoded once more
)

// baseRule is how one form is built.
type baseRule struct {
	name    BaseForm
	values  func(pair) pair         // an oauth_* parameter, as it goes in
	query   func(raw string) []pair // the pairs of the query, as they go in
	host    func(scheme, host string) string
	order   func(oauth, query []pair) []pair
	join    func(out []byte, method, base, params string) []byte
	gateway bool // the network's own gateway is not known to refuse it
}

// baseRules are the forms, likeliest first. What a client builds and how the
// gateway is known to judge it is written in docs/wire/mdes.md "Authentication".
var baseRules = []baseRule{
	{FormMastercard, decodedValue, encodedAgain, withoutWebPorts, byNameThenValue, joined, true},
	{FormRawQuery, decodedValue, queryAsSent, withoutWebPorts, byNameThenValue, joined, true},
	{FormKeptPort, decodedValue, encodedAgain, withPort, byNameThenValue, joined, true},
	{FormRawQueryKeptPort, decodedValue, queryAsSent, withPort, byNameThenValue, joined, true},
	{FormValuesAsSent, valueAsSent, queryAsSent, withoutWebPorts, byNameThenValue, joined, true},
	{FormJava, decodedValue, plusKept, withoutOwnPort, byNameThenValue, joined, false},
	{FormCSharp, decodedValue, alwaysEncoded, withoutOwnPort, byNameThenValue, joined, false},
	{FormPython, decodedValue, plusIfPlain, withoutOwnPort, byText, joined, false},
	{FormPHP, decodedValue, encodedTwice, withoutWebPorts, naturally, joined, false},
	{FormNode, decodedValue, queryAsSent, withPort, byNameAndComma, joinedByNode, false},
	{FormRuby, decodedValue, queryAsSent, withoutPort, queryFirst, joinedByRuby, false},
	{FormNodeOld, decodedValue, queryAsSent, withoutPort, queryFirst, joinedByNode, false},
	{FormRFC5849, encodedValue, encodedByRFC, withoutOwnPort, byNameThenValue, joined, false},
}

// Forms chooses which base strings a [Verifier] accepts.
type Forms string

// The choices.
const (
	FormsAll        Forms = "all"        // also what "" means
	FormsMastercard Forms = "mastercard" // what Mastercard's gateway is not known to refuse
	FormsRFC        Forms = "rfc"        // RFC 5849 exactly
)

// take reports whether a form is among the chosen.
func (f Forms) take(r *baseRule) bool {
	switch f {
	case FormsMastercard:
		return r.gateway
	case FormsRFC:
		return r.name == FormRFC5849
	}
	return true
}

// splits are the forms of each choice, parted once.
var splits = map[Forms]splitForms{
	"": parted(FormsAll), FormsAll: parted(FormsAll), FormsMastercard: parted(FormsMastercard), FormsRFC: parted(FormsRFC),
}

// splitForms are the accepted forms, likeliest first, and the others, which are
// tried only to explain a failure.
type splitForms struct{ accepted, others []*baseRule }

func parted(f Forms) (s splitForms) {
	for i := range baseRules {
		if r := &baseRules[i]; f.take(r) {
			s.accepted = append(s.accepted, r)
		} else {
			s.others = append(s.others, r)
		}
	}
	return s
}

// ruleOf finds the rule of a form.
func ruleOf(form BaseForm) *baseRule {
	for i := range baseRules {
		if baseRules[i].name == form {
			return &baseRules[i]
		}
	}
	return &baseRules[0]
}
