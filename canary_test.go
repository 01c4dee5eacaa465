package pantomime_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// numbersAsNames is a scenario whose author put card numbers into names.
const numbersAsNames = `
version: 1
name: card 4012001037141112
rules:
  - name: for 4012-0010-3714-1112
    when: { operation: provision, network: visa, query: { "4012001037141112": x }, header: { "X-4012001037141112": { present: true } } }
    then: { error: service_error }
`

// planted are card numbers that clients put where none belongs, by how they spell
// them: each number in one spelling, and the first in all.
func planted() map[string]string {
	names := slices.Sorted(maps.Keys(stage.Spellings))
	all := map[string]string{}
	for i, number := range stage.Numbers {
		all[stage.Spellings[names[i%len(names)]](number)] = number
	}
	for _, spell := range stage.Spellings {
		all[spell(stage.Numbers[0])] = stage.Numbers[0]
	}
	return all
}

// TestSimulator_NothingSecretIsLeft plays both networks' stories, puts card
// numbers everywhere a client might, and looks for all of it, for the keys and
// for every cryptogram in all that can be read afterwards.
func TestSimulator_NothingSecretIsLeft(t *testing.T) {
	w := newWorld(t, numbersAsNames)
	s := w.playAll(t, 3, 3)
	for spelt, number := range planted() {
		s.add("planted card number", number)
		s.add("planted card number, as it was spelt", spelt)
		w.misplace(t, spelt)
		w.mispay(t, spelt)
		w.misoperate(t, spelt)
		w.misname(t, number)
	}
	w.refused(t)
	if _, err := w.admin.Advance(t.Context(), control.Advance{By: new(control.Duration(time.Hour))}); err != nil {
		t.Fatal(err)
	}
	s.addKeys(w.target)
	outputs := w.readAll(t)
	w.addChanges(t, outputs)
	outputs["log"], outputs["bodies of notices"], outputs["words of the control door"] = w.logs.String(), w.reported.String(), w.said.String()
	for where, text := range outputs {
		for secret, what := range s.secrets {
			if strings.Contains(text, secret) {
				i := strings.Index(text, secret)
				t.Errorf("%s holds a %s: …%s<here>…", where, what, text[max(0, i-120):i])
			}
		}
	}
	if len(outputs) < 100 || len(s.secrets) < 40 {
		t.Errorf("%d outputs were searched for %d secrets; too few to prove anything", len(outputs), len(s.secrets))
	}
}

// addChanges adds the written log of changes, and makes sure that it holds the
// secrets for those who have its key.
func (w *world) addChanges(t *testing.T, outputs map[string]string) {
	t.Helper()
	var file bytes.Buffer
	if err := w.changes.Export(w.sim.Sandbox().LogName(), &file); err != nil {
		t.Fatal(err)
	}
	outputs["log of changes"] = file.String()
	cards := 0
	if err := w.changes.Read(w.sim.Sandbox().LogName(), 0, func(c sandbox.Change) error {
		cards += len(c.Vault.Cards) + len(c.Vault.Tokens)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if cards < 6 || file.Len() < 10_000 {
		t.Errorf("the log of changes has %d bytes and reports %d cards and tokens; too few to prove anything", file.Len(), cards)
	}
}

// addKeys adds the credentials of the target: secrets as they are, of private
// keys a line from the middle.
func (s *seen) addKeys(target harness.Target) {
	s.add("shared secret", string(target.Visa.Signing.Secret))
	s.add("encryption secret", string(target.Visa.Encryption.Secret))
	s.add("outbound secret", string(target.Visa.Outbound.Secret))
	for what, pem := range map[string]string{
		"signing key": string(target.Mastercard.SigningKey), "decryption key": string(target.Mastercard.DecryptionKey),
	} {
		s.add(what, strings.Split(pem, "\n")[10])
	}
}

// misplace sends a number to the network door wherever a client might: path,
// query, headers, members that are not sealed.
func (w *world) misplace(t *testing.T, pan string) {
	t.Helper()
	ctx := t.Context()
	_, _ = w.visa.GetToken(ctx, pan)
	_, _ = w.visa.CardMetadata(ctx, pan)
	_, _ = w.visa.GetContent(ctx, pan)
	_, _ = w.visa.EnrollPAN(ctx, vts.EnrollRequest{
		Locale: pan, PANSource: pan, ClientAppID: pan, ClientWalletAccountID: pan, ClientDeviceID: pan, EncPaymentInstrument: pan,
	}, nil)
	_, _ = w.visa.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: vts.SourceOnFile, ClientWalletAccountID: pan}, &vts.PaymentInstrument{
		AccountNumber: pan, Name: pan, ExpirationDate: vts.DateOf(expiry),
	})
	_ = w.visa.Suspend(ctx, strings.Repeat("0", 32), vts.UpdateReason{ReasonCode: "FRAUD", ReasonDesc: "card " + pan + " was stolen"})
	_, _ = w.visa.PaymentData(ctx, pan, vts.PaymentDataRequest{ClientPaymentDataID: pan, PaymentRequest: vts.PaymentRequest{TransactionType: pan}})

	_, _ = w.mc.Tokenize(ctx, mdes.TokenizeRequest{RequestID: mdes.LooseString(pan), TaskID: pan, ConsumerLanguage: pan}, &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{AccountNumber: mdes.Sensitive(pan), ExpiryMonth: "12", ExpiryYear: "39"}, Source: "ACCOUNT_ON_FILE",
	})
	_, _ = w.mc.GetToken(ctx, token.Ref(pan), false)
	_, _ = w.mc.GetAsset(ctx, pan)
	_, _ = w.mc.GetTaskStatus(ctx, pan)
	_, _ = w.mc.Suspend(ctx, mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{pan}, Reason: "card " + pan, ReasonCode: pan})
	for _, body := range []string{
		`{"accountNumber":"` + pan + `"}`, `{"` + pan + `":1}`, `{"requestId":` + pan + `}`, "pan=" + pan + "&x=1", `{"cut":"` + pan,
	} {
		if req, err := w.mc.NewRequest(ctx, token.MCTokenize, "", []byte(body)); err == nil {
			_ = w.mc.Do(token.MCTokenize, req, new(mdes.TokenizeResponse))
		}
		w.send(t, http.MethodPost, w.sim.NetworkURL()+"/vts/panEnrollments?apiKey="+w.target.Visa.Signing.APIKey+"&pan="+url.QueryEscape(pan), body, pan)
		w.send(t, http.MethodPost, w.sim.NetworkURL()+"/vts/panEnrollments?apiKey="+url.QueryEscape(pan), body, pan)
		w.send(t, http.MethodPost, w.sim.NetworkURL()+"/mdes/"+url.PathEscape(pan)+"/tokenize?card="+url.QueryEscape(pan), body, pan)
		w.send(t, http.MethodPut, w.sim.NetworkURL()+"/"+url.PathEscape(pan), body, pan)
	}
}

// send sends an unsigned request that names a number in its headers too, and
// then another that names it as sandbox.
func (w *world) send(t *testing.T, method, to, body, pan string) {
	t.Helper()
	headers := map[string]string{
		"Content-Type": "application/json", "User-Agent": "card " + pan, "X-Request-Id": pan, "X-Pay-Token": "xv2:" + pan + ":" + pan,
		"Authorization": `OAuth oauth_consumer_key="` + pan + `"`, "Cookie": "pan=" + pan, "Referer": "http://shop.example/?card=" + pan,
		"X-Correlation-Id": pan, "Accept": pan, "Traceparent": "00-" + pan + "-" + pan + "-01",
	}
	for range 2 {
		req, err := http.NewRequestWithContext(t.Context(), method, to, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range headers {
			req.Header.Set(name, value)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		headers["X-Pantomime-Sandbox"] = pan
	}
}

// misname uses a number for the method of requests to both doors.
func (w *world) misname(t *testing.T, number string) {
	t.Helper()
	w.send(t, number, w.sim.NetworkURL()+"/vts/panEnrollments", "{}", number)
	req, err := http.NewRequestWithContext(t.Context(), number, w.sim.AdminURL()+"/__admin/v1/clock", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	fmt.Fprintf(w.said, "%d %v %s %v\n", resp.StatusCode, resp.Header, text, err)
}

// misoperate names a number at the control door and keeps what it says to that.
func (w *world) misoperate(t *testing.T, pan string) {
	t.Helper()
	ctx := t.Context()
	say := func(answer any, err error) { fmt.Fprintf(w.said, "%+v\n%v\n", answer, err) }
	fail := func(f control.FailNext) { r, err := w.admin.FailNext(ctx, f); say(r, err) }
	fail(control.FailNext{Operation: "provision", Card: pan, Error: token.ServiceError})
	fail(control.FailNext{Operation: pan, Error: token.Key(pan)})
	fail(control.FailNext{Operation: "provision", Token: token.Ref(pan), Requestor: pan, Error: token.ServiceError})
	for _, rule := range []string{
		"- when: { card: \"" + pan + "\", token: \"" + pan + "\" }\n  then: { error: service_error }\n",
		"- name: card " + pan + "\n  when: { operation: provision, attempt: 99 }\n  then: { error: service_error }\n",
		"- " + pan + ": " + pan + "\n",
	} {
		p, err := w.admin.PostRules(ctx, []byte(rule))
		say(p, err)
	}
	effect, err := w.admin.Reissue(ctx, pan, control.CardChange{PAN: pan})
	say(effect, err)
	effect, err = w.admin.Trigger(ctx, control.Event{Event: token.PANReplaced, Card: pan, Reason: pan})
	say(effect, err)
	tok, err := w.admin.Token(ctx, token.Ref(pan))
	say(tok, err)
	list, err := w.admin.In(pan).Tokens(ctx, control.TokenQuery{Card: pan})
	say(list, err)
}

// refused makes requests whose signature does not hold, as those are kept too.
func (w *world) refused(t *testing.T) {
	t.Helper()
	wrong := *w.target.Visa
	wrong.Signing.Secret = wrong.Encryption.Secret
	client, err := wrong.Client(clock.Real(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.GetToken(t.Context(), strings.Repeat("0", 32)); err == nil {
		t.Error("a wrong signature was taken")
	}
}

// readAll reads every answer that the control door gives, but the one that is
// there to hand out credentials.
func (w *world) readAll(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	read := func(path string) {
		resp, err := http.Get(w.sim.AdminURL() + path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		text, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: HTTP %d, %v", path, resp.StatusCode, err)
		}
		all[path] = string(bytes.TrimSpace(text))
	}
	const root = "/__admin/v1"
	for _, path := range []string{
		"", "/sandboxes", "/sandboxes/default", "/verify", "/coverage", "/requests?limit=1000", "/journal", "/callbacks?limit=1000",
		"/clock", "/faults", "/rules?limit=1000", "/tokens?limit=1000", "/cards?limit=1000", "/accounts",
	} {
		read(root + path)
	}
	var requests []control.Exchange
	for after := "r-0"; after != ""; {
		page := stage.Must(w.admin.Requests(t.Context(), control.ExchangeQuery{After: after, Limit: 1000}))(t)
		requests, after = append(requests, page.Items...), ""
		if n := len(page.Items); n > 0 {
			after = page.Items[n-1].ID
		}
		for _, r := range page.Items {
			read(root + "/requests/" + r.ID)
			read(root + "/requests/" + r.ID + "/explain")
		}
	}
	callbacks, err := w.admin.Callbacks(t.Context(), control.CallbackQuery{Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range callbacks.Items {
		read(root + "/callbacks/" + c.ID)
	}
	if len(requests) < 3000 || len(callbacks.Items) < 9 {
		t.Errorf("only %d requests and %d notices", len(requests), len(callbacks.Items))
	}
	all["texts of what was read"] = fmt.Sprintf("%v %+v %v", requests, callbacks.Items, w.target)
	return all
}
