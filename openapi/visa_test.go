package openapi_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// visaRun drives the Visa face through everything its description says.
type visaRun struct {
	*world
	judge *judge
	hc    *http.Client
	*vts.Client
}

func newVisaRun(t *testing.T, j *judge, more string) *visaRun {
	t.Helper()
	r := &visaRun{judge: j, hc: j.client()}
	r.world = newWorld(t, more, func(req *http.Request, body []byte) {
		if kind := lastSegment(req); kind != "notifyTokenUpdated" {
			j.webhook(kind, req, body)
		}
	})
	r.Client = r.world.visa("wallet", r.hc)
	return r
}

func TestVisa_AnswersAreDescribed(t *testing.T) {
	j := newJudge(t, "vts.yaml", "")
	r := newVisaRun(t, j, "")
	t.Run("a life of a token", func(t *testing.T) { r.in(t).life() })
	t.Run("step-up", func(t *testing.T) { r.in(t).stepUp() })
	t.Run("devices and passkeys", func(t *testing.T) { r.in(t).devices() })
	t.Run("refusals", func(t *testing.T) { r.in(t).refusals() })
	t.Run("documented keys", func(t *testing.T) { r.in(t).keys() })
	t.Run("another network of the same name", func(t *testing.T) { other(t, j) })
	j.in(t)
	for _, what := range j.unmet() {
		t.Error(what)
	}
}

func (r *visaRun) in(t *testing.T) *visaRun {
	h := *r.world
	h.t = t
	r.judge.in(t)
	return &visaRun{&h, r.judge, r.hc, r.Client}
}

func (r *visaRun) instrument(card string) *vts.PaymentInstrument {
	p := &vts.PaymentInstrument{
		AccountNumber: r.card(card).Digits(), CVV2: "123", Name: "Robin Sample",
		ExpirationDate: &vts.ExpirationDate{Month: "12", Year: "2029"},
	}
	r.sealed("PaymentInstrument", p)
	return p
}

// sealed judges a clear text that we encrypt.
func (r *visaRun) sealed(schema string, v any) {
	r.judge.clear(schema, stage.Must(json.Marshal(v))(r.t))
}

// opened judges the clear text of an answer's field, and its JWE header.
func (r *visaRun) opened(compact string) {
	r.t.Helper()
	if compact == "" {
		r.t.Fatal("there is no token number")
	}
	head, _, _ := strings.Cut(compact, ".")
	r.judge.clear("JWEHeader", stage.Must(base64.RawURLEncoding.DecodeString(head))(r.t))
	var plain json.RawMessage
	if err := r.Open(compact, &plain); err != nil {
		r.t.Fatal(err)
	}
	r.judge.clear("TokenNumber", plain)
}

func provisioning() vts.ProvisionRequest {
	return vts.ProvisionRequest{
		PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD", AccountType: "WALLET", IP4Address: "192.0.2.31",
		Location: "41.88/-87.63", LocationSource: "WIFI", EmailAddressHash: "b3duLWhhc2g",
		TermsAndConditions: &vts.TermsAndConditions{ID: "5e6f708192a3b4c5d6e7f8091a2b3c4d", Date: "1772355600"},
	}
}

// provisioned makes a token in one call.
func (r *visaRun) provisioned(card string) *vts.ProvisionResponse {
	r.t.Helper()
	return stage.Must(r.ProvisionWithPAN(r.t.Context(), vts.ProvisionWithPANRequest{
		ProvisionRequest: provisioning(), Locale: "en_US", PANSource: "ONFILE", ConsumerEntryMode: "KEYENTERED",
	}, r.instrument(card), nil))(r.t)
}

var sampleReason = vts.UpdateReason{ReasonCode: "CUSTOMER_CONFIRMED", ReasonDesc: "The customer asked for it"}

func (r *visaRun) life() {
	t, ctx := r.t, r.t.Context()
	enrolled := stage.Must(r.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: "ONFILE", PlatformType: "WEB"}, r.instrument("alice")))(t)
	risk := vts.RiskData{{Name: vts.RiskExpiryMonth, Value: "12"}, {Name: vts.RiskExpiryYear, Value: "2029"}}
	r.sealed("RiskData", risk)
	made := stage.Must(r.Provision(ctx, enrolled.VPanEnrollmentID, provisioning(), risk))(t)
	r.opened(made.TokenInfo.EncTokenInfo)
	r.opened(r.provisioned("alice").TokenInfo.EncTokenInfo)
	id := made.VProvisionedTokenID
	paid := stage.Must(r.PaymentData(ctx, id, vts.PaymentDataRequest{
		ClientPaymentDataID: "order-000311", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"}, ATC: "1",
	}))(t)
	r.opened(paid.TokenInfo.EncTokenInfo)
	steps := []func() error{
		func() error {
			_, err := r.admin.Transition(ctx, token.Ref(id), control.Transition{Do: "suspend", Reason: "SUSPECTED_FRAUD"})
			return err
		},
		func() error { _, err := r.GetToken(ctx, id); return err },
		func() error {
			_, err := r.admin.Transition(ctx, token.Ref(id), control.Transition{Do: "resume"})
			return err
		},
		func() error { return r.Suspend(ctx, id, sampleReason) },
		func() error { _, err := r.GetToken(ctx, id); return err },
		func() error { return r.Resume(ctx, id, sampleReason) },
		func() error { return r.Delete(ctx, id, sampleReason) },
		func() error { _, err := r.GetToken(ctx, id); return err },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		r.advance(time.Second)
	}
	for _, content := range enrolled.CardMetaData.CardData {
		stage.Must(r.GetContent(ctx, content.GUID))(t)
	}
	stage.Must(r.admin.NewExpiry(ctx, "alice", control.CardChange{}))(t)
	r.advance(time.Second)
	stage.Must(r.CardMetadata(ctx, enrolled.VPanEnrollmentID))(t)
	stage.Must(r.admin.CloseCard(ctx, "alice", control.CardChange{}))(t)
	r.advance(time.Second)
	if shown := stage.Must(r.CardMetadata(ctx, enrolled.VPanEnrollmentID))(t); shown.PaymentInstrument.IsTokenizable != "N" {
		t.Errorf("the closed card is %+v", shown.PaymentInstrument)
	}
}

func (r *visaRun) stepUp() {
	t, ctx := r.t, r.t.Context()
	made := r.provisioned("anna")
	id := made.VProvisionedTokenID
	if made.TokenInfo.TokenStatus != vts.StatusInactive || len(made.StepUpRequest) != 6 {
		t.Fatalf("the token is %+v", made)
	}
	enrolled := stage.Must(r.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: "ONFILE"}, r.instrument("anna")))(t)
	stage.Must(r.Provision(ctx, enrolled.VPanEnrollmentID, provisioning(), nil))(t)
	options := stage.Must(r.StepUpOptions(ctx, id))(t)
	bound := stage.Must(r.BindDevice(ctx, id, vts.DeviceBindingRequest{PlatformType: "WEB", Intent: "FIDO"}, nil, nil))(t)
	if bound.Status != vts.BindingChallenge {
		t.Errorf("binding says %s", bound.Status)
	}
	stage.Must(r.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: options.StepUpRequest[0].Identifier}))(t)
	if err := r.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: "000000"}); err == nil {
		t.Error("a wrong code is taken")
	}
	if err := r.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: "456789", ClientReferenceID: "ref-1"}); err != nil {
		t.Error(err)
	}
	if _, err := r.StepUpOptions(ctx, id); err == nil {
		t.Error("an active token has step-up options")
	}
	if err := r.Delete(ctx, id, sampleReason); err != nil {
		t.Fatal(err)
	}
	again := r.provisioned("anna").VProvisionedTokenID
	app := stage.Must(r.StepUpOptions(ctx, again))(t).StepUpRequest[slices.IndexFunc(options.StepUpRequest, byApp)]
	stage.Must(r.SelectStepUpMethod(ctx, again, vts.StepUpMethodRequest{StepUpRequestID: app.Identifier}))(t)
	if err := r.ValidateAuthCode(ctx, again, vts.ValidateAuthCodeRequest{AuthCode: "456789"}); err != nil {
		t.Error(err)
	}
	r.advance(time.Second)
}

func byOTP(m vts.StepUpMethod) bool { return m.Method == vts.MethodSMS }

func byApp(m vts.StepUpMethod) bool { return m.Method == vts.MethodAppToApp }

func (r *visaRun) devices() {
	t, ctx := r.t, r.t.Context()
	id := r.provisioned("anna").VProvisionedTokenID
	yes := true
	browser := &vts.BrowserData{
		JavaEnabled: &yes, JavascriptEnabled: &yes, Language: "en-US", ColorDepth: "24", ScreenHeight: "900", ScreenWidth: "1440",
		TimeZone: "-60", UserAgent: "Sample/1.0", Header: "text/html", IPAddress: "192.0.2.31",
	}
	session := &vts.SessionContext{SecureToken: "c2FtcGxl"}
	billing := &vts.BillingInfo{Email: "robin@mail.example"}
	r.sealed("BillingInfo", billing)
	stage.Must(r.BindDevice(ctx, id, vts.DeviceBindingRequest{
		ReasonCode: "DEVICE_BINDING", ClientReferenceID: "bind-1", PlatformType: "WEB", Intent: "FIDO",
		BrowserData: browser, SessionContext: session, EmailAddressHash: "b3duLWhhc2g",
	}, billing, nil))(t)
	who := &vts.AuthenticationData{ConsumerInfo: vts.ConsumerInfo{EmailAddress: "robin@mail.example"}}
	r.sealed("AuthenticationData", who)
	for kind, reason := range map[string]string{"REGISTER": "DEVICE_BINDING", "AUTHENTICATE": "PAYMENT"} {
		stage.Must(r.AttestationOptions(ctx, id, vts.AttestationRequest{
			ClientReferenceID: "key-1", Type: kind, ReasonCode: reason, BrowserData: browser, SessionContext: session,
			DynamicData: &vts.DynamicData{AuthenticationAmount: "0.00", CurrencyCode: "840", MerchantIdentifier: &vts.MerchantIdentifier{
				ExternalClientID: "c2hvcA", ApplicationURL: "aHR0cHM6Ly9zaG9wLmV4YW1wbGU", MerchantName: "U2hvcA",
			}},
			Preferences: &vts.Preferences{PopupForAuthenticate: &yes},
		}, who))(t)
	}
}

// good is a request that an operation takes, as far as its form goes.
func (r *visaRun) good(route vts.Route, id string) *http.Request {
	r.t.Helper()
	jwe := "eyJhbGciOiJBMjU2R0NNS1cifQ.a2V5.aXY.Y2lwaGVyIHRleHQ.dGFn"
	bodies := map[token.Operation]any{
		token.VisaEnroll:                vts.EnrollRequest{ClientAppID: "app", ClientWalletAccountID: "cust", Locale: "en_US", PANSource: "ONFILE", EncPaymentInstrument: jwe},
		token.VisaProvision:             vts.ProvisionRequest{ClientAppID: "app", PresentationType: []string{"ECOM"}, ProtectionType: "CLOUD"},
		token.VisaProvisionWithPAN:      vts.ProvisionWithPANRequest{ProvisionRequest: provisioning(), Locale: "en_US", PANSource: "ONFILE", EncPaymentInstrument: jwe},
		token.VisaGetPaymentData:        vts.PaymentDataRequest{ClientPaymentDataID: "order", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"}},
		token.VisaSuspend:               vts.LifecycleRequest{UpdateReason: sampleReason},
		token.VisaResume:                vts.LifecycleRequest{UpdateReason: sampleReason},
		token.VisaDelete:                vts.LifecycleRequest{UpdateReason: sampleReason},
		token.VisaSelectStepUpMethod:    vts.StepUpMethodRequest{StepUpRequestID: id},
		token.VisaValidateOTP:           vts.ValidateOTPRequest{OTPValue: "456789"},
		token.VisaValidateAuthCode:      vts.ValidateAuthCodeRequest{AuthCode: "456789"},
		token.VisaDeviceBinding:         vts.DeviceBindingRequest{PlatformType: "WEB", Intent: "FIDO"},
		token.VisaGetAttestationOptions: vts.AttestationRequest{ClientAppID: "app", Type: "REGISTER", ReasonCode: "DEVICE_BINDING"},
	}
	body, hasBody := bodies[route.Op]
	if !hasBody && route.Method != http.MethodGet {
		r.t.Fatalf("no body for %s", route.Op)
	}
	if card, sealed := body.(vts.EnrollRequest); sealed {
		card.EncPaymentInstrument = stage.Must(r.Seal(r.instrument("arno")))(r.t)
		body = card
	}
	if card, sealed := body.(vts.ProvisionWithPANRequest); sealed {
		card.ClientAppID, card.ClientWalletAccountID = "app", "cust"
		card.EncPaymentInstrument = stage.Must(r.Seal(r.instrument("arno")))(r.t)
		body = card
	}
	return stage.Must(r.NewRequest(r.t.Context(), route.Op, id, body))(r.t)
}

// refusals has each operation refused in every way that is described for it.
func (r *visaRun) refusals() {
	t := r.t
	const unknownRef = "00000000000000000000000000000000"
	huge := bytes.Repeat([]byte(" "), door.MaxBody+1)
	for _, route := range vts.Routes() {
		good := func() *http.Request { return r.good(route, unknownRef) }
		unsigned := good()
		unsigned.Header.Del(vts.HeaderPayToken)
		send(t, r.hc, unsigned, http.StatusUnauthorized)
		keyless := good()
		keyless.URL.RawQuery = "apiKey=unknownIDs"
		send(t, r.hc, keyless, http.StatusUnauthorized)
		nameless := good()
		nameless.Header.Del(vts.HeaderRequestID)
		send(t, r.hc, nameless, http.StatusBadRequest)
		lost := good()
		lost.Header.Set(door.SandboxHeader, "nowhere")
		send(t, r.hc, lost, http.StatusNotFound)
		send(t, r.hc, with(good(), huge), http.StatusRequestEntityTooLarge)
		if route.Method != http.MethodGet {
			undeclared := good()
			undeclared.Header.Set("Content-Type", "text/plain")
			send(t, r.hc, undeclared, http.StatusUnsupportedMediaType)
			for _, body := range []string{"[]", "{}", `{"clientAppID":7}`, "{} {}"} {
				send(t, r.hc, stage.Must(r.NewRequest(r.t.Context(), route.Op, unknownRef, []byte(body)))(t), http.StatusBadRequest)
			}
		}
		if route.Param() != "" {
			send(t, r.hc, good(), http.StatusNotFound)
		}
		r.failNext(route.Op, control.FailNext{Error: token.NotAllowed})
		send(t, r.hc, good(), http.StatusForbidden)
		for fault, status := range map[token.Fault]int{
			token.Fault429: 429, token.Fault500: 500, token.Fault502: 502, token.Fault503: 503, token.Fault504: 504,
		} {
			r.failNext(route.Op, control.FailNext{Fault: fault})
			send(t, r.hc, good(), status)
		}
	}
}

// keys has provisioning refused with every documented key and every reason of
// the wire, and by the issuer. json_parse_error is left out: it is a page in
// place of an answer, which is outside of the description.
func (r *visaRun) keys() {
	t := r.t
	route, _ := vts.RouteOf(token.VisaProvisionWithPAN)
	keys := token.KeyNames(token.Visa)
	for _, reason := range r.judge.doc.Components.Schemas["Reason"].Value.Examples {
		keys = append(keys, reason.(string))
	}
	for _, key := range slices.DeleteFunc(keys, func(k string) bool { return k == string(token.JSONParseError) }) {
		r.postRule(route.Op, "error: "+key)
		resp := stage.Must(r.hc.Do(r.good(route, "")))(t)
		_ = resp.Body.Close()
		if resp.StatusCode < 400 {
			t.Errorf("%s is answered %d", key, resp.StatusCode)
		}
	}
	send(t, r.hc, r.good(route, ""), http.StatusForbidden) // arno's issuer declines
	id := r.provisioned("anna").VProvisionedTokenID
	foreign := r.world.visa("shop", r.hc)
	if _, err := foreign.GetToken(t.Context(), id); err == nil {
		t.Error("a foreign token is shown")
	}
}

// other is a network with its switches set the other way.
func other(t *testing.T, j *judge) {
	j.in(t)
	r := newVisaRun(t, j, `
networks:
  visa: { create-status: 200, sign-notices: false, dynamic-cvv: true, wrong-code: notAllowed, replay-cache: true, redundant: accept, repeat: new }
`)
	ctx := t.Context()
	enrolled := stage.Must(r.EnrollPAN(ctx, vts.EnrollRequest{Locale: "en_US", PANSource: "ONFILE"}, r.instrument("alice")))(t)
	id := stage.Must(r.Provision(ctx, enrolled.VPanEnrollmentID, provisioning(), nil))(t).VProvisionedTokenID
	r.provisioned("alice")
	stage.Must(r.PaymentData(ctx, id, vts.PaymentDataRequest{
		ClientPaymentDataID: "order-000312", PaymentRequest: vts.PaymentRequest{TransactionType: "AFT"}, CryptogramType: "DTVV",
	}))(t)
	waiting := r.provisioned("anna")
	for i, op := range map[int]token.Operation{
		slices.IndexFunc(waiting.StepUpRequest, byOTP): token.VisaValidateOTP,
		slices.IndexFunc(waiting.StepUpRequest, byApp): token.VisaValidateAuthCode,
	} {
		stage.Must(r.SelectStepUpMethod(ctx, waiting.VProvisionedTokenID, vts.StepUpMethodRequest{StepUpRequestID: waiting.StepUpRequest[i].Identifier}))(t)
		wrong := map[string]string{"otpValue": "000000", "authCode": "000000"}
		send(t, r.hc, stage.Must(r.NewRequest(ctx, op, waiting.VProvisionedTokenID, wrong))(t), http.StatusConflict)
	}
	twice := stage.Must(r.NewRequest(ctx, token.VisaSuspend, id, vts.LifecycleRequest{UpdateReason: sampleReason}))(t)
	again := twice.Clone(ctx)
	again.Body = stage.Must(twice.GetBody())(t)
	send(t, r.hc, twice, http.StatusOK)
	send(t, r.hc, again, http.StatusUnauthorized)
	r.advance(time.Second)
}
