package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/wire"
)

// What a person reads of a bad field says how long it is and how long it may be:
// an empty one is not "longer than 36 characters".
func TestBadFields_Words(t *testing.T) {
	fields := []wire.Field{
		wire.Chars("short", 2, 4), wire.Chars("long", 2, 2), wire.Chars("open", 3, 0),
		wire.Chars("code", 2, 2).As("two digits", wire.Only("09")),
		wire.List("list", 1, 2, wire.Chars("", 0, 0)),
		wire.Chars("kind", 0, 0).OneOf("A", "B"), wire.Chars("text", 0, 0),
		wire.Object("inner", wire.Chars("gone", 1, 1).Must()).Must(),
	}
	all := wire.Policy{All: true, Phases: [][]wire.Rule{{wire.Unknown, wire.Missing, wire.WrongKind, wire.Length, wire.WrongForm, wire.Choice}}}
	v, err := wire.Parse([]byte(`{"short":"","long":"abc","open":"","code":"1","list":[],"kind":"C","text":1,"inner":{},"other":1}`))
	if err != nil {
		t.Fatal(err)
	}
	want := wire.BadFields{
		{Location: "other", Why: "is no member of this request"},
		{Location: "short", Why: "has 0 characters, accepted are 2 to 4"},
		{Location: "long", Why: "has 3 characters, accepted are 2"},
		{Location: "open", Why: "has 0 characters, accepted are 3 or more"},
		{Location: "code", Why: "must be two digits"},
		{Location: "list", Why: "has 0 items, accepted are 1 to 2"},
		{Location: "kind", Why: "must be one of A, B"},
		{Location: "text", Why: "must be a text"},
		{Location: "inner.gone", Why: "is missing"},
	}
	got := all.Bad(fields, v)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if again := got.And(wire.BadFields{{Location: "inner.gone.below"}, {Location: "long"}}); len(again) != len(got) {
		t.Errorf("named twice: %v", again)
	}
}
