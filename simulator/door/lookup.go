package door

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
)

// Lookup finds a value in the request for a rule: a header, a query parameter,
// or a member of the body by dotted path, with what was encrypted in the place
// of its ciphertext. The body is read when the first rule asks.
func (x *Exchange) Lookup(part token.RequestPart, name string) (string, bool) {
	switch part {
	case token.PartHeader:
		values := x.Header.Values(name)
		return strings.Join(values, ", "), len(values) > 0
	case token.PartQuery:
		query, _ := url.ParseQuery(x.RawQuery)
		return query.Get(name), query.Has(name)
	default:
		return member(x.readable(), name)
	}
}

// Facts reads what rules ask of a request, in their order. What is longer than
// [token.MaxFactValue] is cut.
func (x *Exchange) Facts(asks []token.Ask) []token.Fact {
	if len(asks) == 0 {
		return nil
	}
	facts := make([]token.Fact, len(asks))
	for i, ask := range asks {
		value, present := x.Lookup(ask.Part, ask.Name)
		f := token.Fact{Ask: ask, Value: value, Present: present}
		if len(value) > token.MaxFactValue {
			f.Value, f.Cut = strings.Clone(value[:token.MaxFactValue]), true
		}
		facts[i] = f
	}
	return facts
}

// readable is the body as a rule may look into it.
func (x *Exchange) readable() any {
	if x.decoded != nil {
		return x.decoded
	}
	if json.Unmarshal(x.Body, &x.decoded) != nil {
		x.decoded = map[string]any{}
	}
	for _, part := range x.Entry.Request.Clear {
		var value any
		if json.Unmarshal(part.Body, &value) == nil {
			put(x.decoded, strings.Split(part.Field, "."), value)
		}
	}
	return x.decoded
}

// put replaces the member at a path, if its holder exists.
func put(in any, path []string, value any) {
	for i, name := range path {
		object, ok := in.(map[string]any)
		if !ok {
			return
		}
		if i == len(path)-1 {
			object[name] = value
			return
		}
		in = object[name]
	}
}

// member finds a member of a decoded JSON value by dotted path; list items are
// named by their index. What is no text is given as JSON.
func member(in any, path string) (string, bool) {
	for name := range strings.SplitSeq(path, ".") {
		switch holder := in.(type) {
		case map[string]any:
			value, ok := holder[name]
			if !ok {
				return "", false
			}
			in = value
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(holder) {
				return "", false
			}
			in = holder[i]
		default:
			return "", false
		}
	}
	if text, ok := in.(string); ok {
		return text, true
	}
	text, err := json.Marshal(in)
	return string(text), err == nil
}
