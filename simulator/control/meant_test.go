package control_test

import (
	"reflect"
	"strings"
	"testing"

	wire "github.com/pantomime-dev/pantomime/control"
)

// slip is a word with its last letter twice, as a key that sticks types it.
func slip(word string) string { return word + word[len(word)-1:] }

// namesOf are the members of a body, those of embedded types too.
func namesOf(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			names = append(names, namesOf(f.Type)...)
		case name != "" && name != "-":
			names = append(names, name)
		}
	}
	return names
}

// [C4] Each member of a body and each parameter that is misspelt is refused with
// the one that was meant.
func TestDoor_TellsWhichNameWasMeant(t *testing.T) {
	w := newWorld(t, settings{})
	ref := string(w.token())
	for path, body := range map[string]any{
		"/sandboxes": wire.NewSandbox{}, "/sandboxes/default/reset": wire.Reset{}, "/events": wire.Event{}, "/clock/advance": wire.Advance{},
		"/faults": wire.FailNext{}, "/tokens/" + ref + "/transitions": wire.Transition{}, "/cards/alice/reissue": wire.CardChange{},
		"/cards/alice/new-expiry": wire.CardChange{}, "/cards/alice/close": wire.CardChange{}, "/cards/alice/metadata": wire.CardChange{},
	} {
		for _, name := range namesOf(reflect.TypeOf(body)) {
			got := w.do("POST", "/__admin/v1"+path, `{"`+slip(name)+`":"x"}`)
			if got.status != 400 || got.problem.Suggestion != name || got.problem.Value != slip(name) {
				t.Errorf("%s of %s: %s", slip(name), path, got.body)
			}
		}
	}
	for path, names := range map[string]string{
		"/requests": "after network operation requestor token problem refused limit wait sandbox", "/callbacks": "state event requestor token limit",
		"/tokens": "network requestor card status limit", "/cards": "network limit", "/rules": "layer", "/clock": "sandbox",
	} {
		for name := range strings.FieldsSeq(names) {
			if got := w.do("GET", "/__admin/v1"+path+"?"+slip(name)+"=x", ""); got.status != 400 || got.problem.Suggestion != name {
				t.Errorf("%s of %s: %s", slip(name), path, got.body)
			}
		}
	}
}

// [C4] Nor does a misspelt word go without the one that was meant.
func TestDoor_TellsWhichValueWasMeant(t *testing.T) {
	w := newWorld(t, settings{})
	ref := string(w.token())
	for _, tt := range []struct{ path, body, meant string }{
		{"/requests?network=vissa", "", "visa"},
		{"/requests?operation=provison", "", "provision"},
		{"/requests?requestor=walet", "", "wallet"},
		{"/requests?refused=ture", "", "true"},
		{"/requests?wait=20+sec", "", "20s"},
		{"/callbacks?state=deliverd", "", "delivered"},
		{"/callbacks?event=token.suspend", "", "token.suspended"},
		{"/tokens?status=actve", "", "active"},
		{"/tokens?card=alcie", "", "alice"},
		{"/rules?layer=postd", "", "posted"},
		{"/clock?sandbox=defualt", "", "default"},
		{"/sandboxes/defalt", "", "default"},
		{"/sandboxs", "", "/__admin/v1/sandboxes"},
		{"/sandboxes", `{"clock":"manuel"}`, "manual"},
		{"/sandboxes", `{"library":"visa-declind"}`, "visa-declined"},
		{"/events", `{"event":"token.suspnded","card":"alice"}`, "token.suspended"},
		{"/events", `{"event":"token.suspended","card":"alicce"}`, "alice"},
		{"/events", `{"event":"token.suspended","card":"alice","by":"isuer"}`, "issuer"},
		{"/events", `{"event":"token.suspended","card":"alice","variant":["wrong-signatur"]}`, "wrong-signature"},
		{"/events", `{"event":"token.suspended","card":"alice","late":"3 hours"}`, "3h"},
		{"/tokens/" + ref + "/transitions", `{"do":"suspnd"}`, "suspend"},
		{"/clock/advance", `{"by":"30 days"}`, "30d"},
		{"/clock/advance", `{"to":"2026-03-01"}`, "2026-03-01T00:00:00Z"},
		{"/faults", `{"operation":"provison","fault":"reset"}`, "provision"},
		{"/faults", `{"operation":"provision","fault":"rset"}`, "reset"},
		{"/faults", `{"operation":"provision","error":"limit_exceded"}`, "limit_exceeded"},
		{"/faults", `{"operation":"provision","decision":"declin"}`, "decline"},
		{"/faults", `{"operation":"provision","fault":"reset","network":"master-card"}`, "mastercard"},
		{"/faults", `{"operation":"provision","fault":"reset","card":"alise"}`, "alice"},
		{"/faults", `{"operation":"provision","fault":"reset","requestor":"wallett"}`, "wallet"},
		{"/faults", `{"operation":"provision","delay":"3 seconds"}`, "3s"},
	} {
		method := "GET"
		if tt.body != "" {
			method = "POST"
		}
		if got := w.do(method, "/__admin/v1"+tt.path, tt.body); got.status < 400 || got.problem.Suggestion != tt.meant {
			t.Errorf("%s %s: want %s: %s", tt.path, tt.body, tt.meant, got.body)
		}
	}
}
