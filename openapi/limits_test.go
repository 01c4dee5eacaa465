package openapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/internal/sweep"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
	"github.com/pantomime-dev/pantomime/wire"
)

// The descriptions are written by hand, and so are the field tables that server
// and client read. Here every row meets the schema of its member: both must have
// it, both must demand it, and both must say the same of the same texts. Where
// they differ on purpose, the reason is in differs.

// difference is where a description and the rules part on purpose. One of them
// then takes whatever the other does, and more.
type difference struct {
	laxer bool // the description
	why   string
}

const (
	opened = "what is no ciphertext is reported when it is opened, not as a matter of form"
	blind  = "the validator of this test does not look at this format"
)

var visaDiffers = map[string]difference{
	"encPaymentInstrument":  {false, opened},
	"encRiskDataInfo":       {false, opened},
	"encBillingInfo":        {false, opened},
	"encDeviceRiskDataInfo": {false, opened},
	"encAuthenticationData": {false, opened},
	"ip4address":            {true, blind},
	"externalClientId":      {true, "a pattern does not see stray bits"},
	"applicationUrl":        {true, "a pattern does not see stray bits"},
	"merchantName":          {true, "a pattern does not see stray bits"},
	"atc":                   {true, "a pattern does not count to 65535"},
	"location":              {true, "a pattern does not compare degrees"},
}

var mastercardDiffers = map[string]difference{
	"encryptedKey":                    {false, opened},
	"iv":                              {false, opened},
	"encryptedData":                   {false, opened},
	"deviceIpAddress":                 {true, blind},
	"tokenizationAuthenticationValue": {true, blind},
	"responseHost":                    {true, "the pattern is simpler than a host"},
	"cardAccountData":                 {true, "a schema does not see the reference that is outside in its place"},
}

func TestSweep_LimitsVisa(t *testing.T) {
	sweep.Mark(t)
	doc := load(t, descriptions["vts.yaml"]())
	l := limits{t: t, differs: visaDiffers, parted: map[string]bool{}, empty: true}
	for _, op := range token.Operations() {
		if fields := vts.Fields(op.Op); fields != nil {
			l.object(op.Wire, fields, body(t, doc, op.Wire))
		}
	}
	for member, schema := range map[string]string{"encPaymentInstrument": "PaymentInstrument", "encBillingInfo": "BillingInfo", "encAuthenticationData": "AuthenticationData"} {
		l.object(schema, vts.ClearFields(member), component(t, doc, schema))
	}
	l.end(140)
}

func TestSweep_LimitsMastercard(t *testing.T) {
	sweep.Mark(t)
	doc := load(t, descriptions["mdes.yaml"]())
	l := limits{t: t, differs: mastercardDiffers, parted: map[string]bool{}}
	for _, route := range mdes.Routes() {
		if fields := mdes.Fields(route.Op); fields != nil {
			l.object(route.Op.Info().Wire, fields, body(t, doc, route.Op.Info().Wire))
		}
	}
	outer := mdes.FundingAccountInfo{}
	l.object("FundingAccountData", mdes.ClearFields(token.MCTokenize, outer), component(t, doc, "FundingAccountData"))
	l.object("DigitalAssetsAccount", mdes.ClearFields(token.MCGetDigitalAssets, outer), component(t, doc, "DigitalAssetsAccount"))
	l.end(90)
}

// body is the schema of an operation's request.
func body(t *testing.T, doc *openapi3.T, id string) *openapi3.Schema {
	t.Helper()
	for _, op := range operations(doc) {
		if op.OperationID == id && op.RequestBody != nil {
			return op.RequestBody.Value.Content["application/json"].Schema.Value
		}
	}
	t.Fatalf("%s is described without a body", id)
	return nil
}

// limits compares tables and schemas.
type limits struct {
	t       *testing.T
	differs map[string]difference
	parted  map[string]bool // members that did differ
	empty   bool            // an empty text is as good as none to the wire
	rows    int
}

// end demands that enough was compared, and that what may differ does.
func (l *limits) end(least int) {
	if l.rows < least {
		l.t.Errorf("only %d rows were compared; the comparison would prove little", l.rows)
	}
	for name := range l.differs {
		if !l.parted[name] {
			l.t.Errorf("%s does not differ", name)
		}
	}
}

// forms are a schema with its alternatives.
func forms(s *openapi3.Schema) []*openapi3.Schema {
	all := []*openapi3.Schema{s}
	for _, ref := range append(slices.Clone(s.OneOf), s.AnyOf...) {
		all = append(all, forms(ref.Value)...)
	}
	return all
}

func (l *limits) object(place string, fields []wire.Field, s *openapi3.Schema) {
	l.t.Helper()
	described := map[string]*openapi3.Schema{}
	var required []string
	for _, form := range forms(s) {
		for name, member := range form.Properties {
			if described[name] == nil {
				described[name] = member.Value
			}
		}
		if len(required) == 0 {
			required = form.Required
		}
	}
	for _, f := range fields {
		at := place + "." + f.Name
		member := described[f.Name]
		if member == nil {
			l.t.Errorf("%s has rules and is not described", at)
			continue
		}
		delete(described, f.Name)
		if ruled, says := f.Required, slices.Contains(required, f.Name); ruled != says && !l.parts(f.Name, ruled) {
			l.t.Errorf("%s: demanded by the rules: %t, by the description: %t", at, ruled, says)
		}
		l.member(at, f, member)
	}
	for name, member := range described {
		if member.MaxLength != nil || member.Pattern != "" || len(member.Enum) > 0 {
			l.t.Errorf("%s.%s has limits in the description and no rules", place, name)
		}
	}
}

// parts reports whether the two may differ that way.
func (l *limits) parts(name string, laxer bool) bool {
	d, known := l.differs[name]
	l.parted[name] = true
	return known && d.laxer == laxer
}

func (l *limits) member(at string, f wire.Field, s *openapi3.Schema) {
	l.t.Helper()
	l.rows++
	switch f.Kind {
	case wire.KindObject:
		l.object(at, f.Members, s)
	case wire.KindList:
		for _, form := range forms(s) {
			if form.Items != nil {
				if least := max(f.Least, map[bool]int{true: 1}[f.Required]); int(form.MinItems) != least || (form.MaxItems == nil) != (f.Most == 0) || form.MaxItems != nil && int(*form.MaxItems) != f.Most {
					l.t.Errorf("%s: another number of items in the rules than in the description", at)
				}
				l.member(at+"[]", *f.Item, form.Items.Value)
			}
		}
	default:
		l.text(at, f, s)
	}
}

// text asks both about the same texts.
func (l *limits) text(at string, f wire.Field, s *openapi3.Schema) {
	l.t.Helper()
	name := f.Name
	f.Name = "x"
	policy := wire.Policy{Phases: [][]wire.Rule{{wire.WrongKind, wire.WrongForm, wire.Length, wire.Choice}}}
	for _, text := range probes(f, s) {
		if text == "" && l.empty {
			continue
		}
		quoted, _ := json.Marshal(map[string]string{"x": text})
		v, err := wire.Parse(quoted)
		if err != nil {
			l.t.Fatal(err)
		}
		broken, says := policy.Check([]wire.Field{f}, v), checkValue(s, text)
		if (len(broken) == 0) != (says == nil) && !l.parts(name, says == nil) {
			l.t.Errorf("%s: %.40q (%d): the rules take it: %t, the description: %t", at, text, len(text), len(broken) == 0, says == nil)
			return
		}
	}
}

// probes are texts around every limit and choice of either side.
func probes(f wire.Field, s *openapi3.Schema) []string {
	texts := append([]string{"", "é", "a", "A", "1", "-1", "_", " ", "a b", "0x", "true", "SHA-512", "1.2.3.4", "::1", "07", "13", "0", "65536", "91/0", "en_US", "EN_us"}, f.Choices...)
	sizes := []int{f.Least, f.Most}
	for _, form := range forms(s) {
		sizes = append(sizes, int(form.MinLength))
		if form.MaxLength != nil {
			sizes = append(sizes, int(*form.MaxLength))
		}
		for _, v := range append(slices.Clone(form.Enum), form.Examples...) {
			if text, ok := v.(string); ok {
				texts = append(texts, text, text+"x", strings.ToLower(text), text[:len(text)-1])
			}
		}
	}
	for _, size := range append(sizes, 1, 2, 3, 4, 5, 9, 13, 15, 19, 20) {
		for _, n := range []int{size - 1, size, size + 1} {
			if n >= 0 {
				texts = append(texts, strings.Repeat("a", n), strings.Repeat("A", n), strings.Repeat("1", n), strings.Repeat("ä", n))
			}
		}
	}
	return texts
}
