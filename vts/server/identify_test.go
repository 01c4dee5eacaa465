package server_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/vts/server"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// careful is a card whose issuer wants its holder identified.
const careful = `version: 1
name: careful issuer
issuers:
  careful: { decision: step-up, methods: [sms, app, web, online-banking] }
cards:
  alice: { network: visa, pan: "4622943120000600", expiry: "12/29", issuer: careful }
`

// otp is the code that works, and otherOTP one that does not.
const (
	otp      = "456789"
	otherOTP = "000000"
)

// waiting is a world with a token that waits for its cardholder.
func waiting(t *testing.T) (*world, *vts.ProvisionResponse) {
	t.Helper()
	w := newWorld(t, careful)
	return w, provision(context.Background(), t, w.client)
}

// TestStepUp_FromChoiceToPayment is the way of Visa's published client: options,
// choice, code, and then the token pays.
func TestStepUp_FromChoiceToPayment(t *testing.T) {
	w, rc := listening(t, careful)
	ctx := context.Background()
	made := provision(ctx, t, w.client)
	id := made.VProvisionedTokenID
	options := stage.Must(w.client.StepUpOptions(ctx, id))(t)
	if diff := cmp.Diff(made.StepUpRequest, options.StepUpRequest); diff != "" {
		t.Errorf("other options than provisioning gave (-provision +options):\n%s", diff)
	}
	var methods []string
	for _, m := range options.StepUpRequest {
		methods = append(methods, m.Method)
		if !vts.ValidID(m.Identifier) || m.Value == "" {
			t.Errorf("option %+v", m)
		}
	}
	if want := []string{"OTPSMS", "APP-TO-APP", "OTPONLINEBANKING"}; !cmp.Equal(methods, want) {
		t.Errorf("methods %v, want %v", methods, want)
	}
	for _, option := range options.StepUpRequest {
		chosen := stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: option.Identifier}))(t)
		if want := (vts.StepUpMethodResponse{
			MaxOTPRequestsAllowed: 3, MaxOTPVerificationAllowed: 3, CodeExpiration: vts.SecondsOf(stage.WallStart.Add(10 * time.Minute)),
		}); *chosen != want {
			t.Errorf("%s: %+v, want %+v: the expiry is absolute and on the client's clock", option.Method, *chosen, want)
		}
	}
	refusedAs(t, w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otherOTP}), 400, "invalidParameters")
	if err := w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp}); err != nil {
		t.Fatal(err)
	}
	if now := stage.Must(w.client.GetToken(ctx, id))(t); now.TokenInfo.TokenStatus != vts.StatusActive {
		t.Errorf("the token is %s", now.TokenInfo.TokenStatus)
	}
	pay(ctx, t, w.client, id)
	w.advance(time.Minute)
	if len(rc.notices) != 1 || rc.notices[0].EventType != vts.EventTokenStatusUpdated || rc.notices[0].ID != id {
		t.Errorf("notices %+v", rc.notices)
	}
	again := provision(ctx, t, w.client)
	if again.VProvisionedTokenID != id || again.StepUpRequest != nil || again.TokenInfo.EncTokenInfo == "" {
		t.Errorf("provisioned again: %+v", again)
	}
	if e := stage.Last(w.box); e.Decision != token.Approve {
		t.Errorf("provisioned again, the decision is %q: the issuer asks once", e.Decision)
	}
}

// A step-up that was asked for is an event that a timeline can follow. A good
// code comes before the activation planned then, and is the requestor's deed.
func TestStepUp_TakesThePlaceOfAPlannedActivation(t *testing.T) {
	w, _ := listening(t, careful+"timeline:\n  - { on: step-up.requested, after: 36h, do: activate }\n")
	ctx := context.Background()
	made := provision(ctx, t, w.client)
	id := made.VProvisionedTokenID
	if p, _ := w.box.Planned(2); len(p) != 1 || string(p[0].Token) != id {
		t.Fatalf("planned: %+v", p)
	}
	stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[0].Identifier}))(t)
	if err := w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp}); err != nil {
		t.Fatal(err)
	}
	if p, n := w.box.Planned(2); n != 0 {
		t.Errorf("still planned: %+v", p)
	}
	for _, d := range w.box.Deliveries(nil) {
		if d.Event.Type != token.TokenActivated || d.Event.By != token.ByRequestor {
			t.Errorf("reports %s by %s", d.Event.Type, d.Event.By)
		}
	}
}

func pay(ctx context.Context, t *testing.T, c *vts.Client, id string) *vts.PaymentDataResponse {
	t.Helper()
	return stage.Must(c.PaymentData(ctx, id, vts.PaymentDataRequest{
		ClientPaymentDataID: "a", PaymentRequest: vts.PaymentRequest{TransactionType: "ECOM"},
	}))(t)
}

func TestStepUp_GoldenAnswers(t *testing.T) {
	w, made := waiting(t)
	id := "/vts/provisionedTokens/" + made.VProvisionedTokenID
	walk := func(name, method, tail, body string) {
		t.Helper()
		got := w.send(w.request(method, id+tail, []byte(body)))
		if got.Status != http.StatusOK {
			t.Fatalf("%s: %d %s", name, got.Status, got.Body)
		}
		golden(t, name, got.Body)
	}
	walk("step_up_options", "GET", "/stepUpOptions", "")
	walk("step_up_method", "PUT", "/stepUpOptions/method",
		`{"stepUpRequestID":"`+made.StepUpRequest[0].Identifier+`","date":1700000000,"clientReferenceID":"r"}`)
	walk("validate_otp", "POST", "/stepUpOptions/validateOTP", `{"otpValue":456789,"date":1700000000}`)
	walk("get_token_stepped_up", "GET", "", "")
}

// TestStepUp_EachMethodHasItsCall chooses each method, or none: an app's code
// confirms the issuer's app, a password everything else.
func TestStepUp_EachMethodHasItsCall(t *testing.T) {
	for name, c := range map[string]struct {
		choose        int // which option; -1 for none
		otp, authCode bool
	}{
		"nothing":        {-1, false, false},
		"a text message": {0, true, false},
		"the app":        {1, false, true},
		"online banking": {2, true, false},
	} {
		t.Run(name+" is chosen", func(t *testing.T) {
			w, made := waiting(t)
			ctx, id := context.Background(), made.VProvisionedTokenID
			if c.choose >= 0 {
				stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[c.choose].Identifier}))(t)
			}
			calls := []struct {
				fits bool
				send func(code vts.Text) error
			}{
				{c.otp, func(code vts.Text) error {
					return w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: code})
				}},
				{c.authCode, func(code vts.Text) error {
					return w.client.ValidateAuthCode(ctx, id, vts.ValidateAuthCodeRequest{AuthCode: code})
				}},
			}
			for _, call := range calls {
				if call.fits {
					continue
				}
				for range 4 { // more often than a code may be wrong
					refusedAs(t, call.send(otherOTP), 403, "notAllowed")
				}
				refusedAs(t, call.send(otp), 403, "notAllowed")
				if e := stage.Last(w.box); !strings.HasPrefix(e.Detail, "not-chosen: ") {
					t.Errorf("journaled as %s, %s", e.Problem, e.Detail)
				}
			}
			for _, call := range calls {
				if !call.fits {
					continue
				}
				refusedAs(t, call.send(otherOTP), 400, "invalidParameters")
				if err := call.send(otp); err != nil {
					t.Fatal(err)
				}
				pay(ctx, t, w.client, id)
			}
		})
	}
}

func TestStepUp_CodeExpires(t *testing.T) {
	w, made := waiting(t)
	ctx, id := context.Background(), made.VProvisionedTokenID
	choose := func() {
		t.Helper()
		stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[0].Identifier}))(t)
	}
	choose()
	w.advance(10*time.Minute + time.Second)
	refusedAs(t, w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp}), 400, "invalidParameters")
	if e := stage.Last(w.box); !strings.HasPrefix(e.Detail, "expired-code: ") || e.Problem != token.InvalidParameter {
		t.Errorf("journaled as %s, %s", e.Problem, e.Detail)
	}
	choose()
	w.advance(10 * time.Minute)
	if err := w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp}); err != nil {
		t.Errorf("a code in time, after another choice: %v", err)
	}
}

func TestStepUp_TooManyAttempts(t *testing.T) {
	w, made := waiting(t)
	ctx, id := context.Background(), made.VProvisionedTokenID
	choice := vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[0].Identifier}
	wrong, right := vts.ValidateOTPRequest{OTPValue: otherOTP}, vts.ValidateOTPRequest{OTPValue: otp}
	refusedAs(t, w.client.ValidateOTP(ctx, id, right), 403, "notAllowed") // nothing was chosen
	for range 3 {
		stage.Must(w.client.SelectStepUpMethod(ctx, id, choice))(t)
		for range 3 {
			refusedAs(t, w.client.ValidateOTP(ctx, id, wrong), 400, "invalidParameters")
		}
		refusedAs(t, w.client.ValidateOTP(ctx, id, right), 403, "notAllowed")
	}
	_, err := w.client.SelectStepUpMethod(ctx, id, choice)
	refusedAs(t, err, 403, "notAllowed")
	if now := stage.Must(w.client.GetToken(ctx, id))(t); now.TokenInfo.TokenStatus != vts.StatusInactive {
		t.Errorf("the token is %s", now.TokenInfo.TokenStatus)
	}
}

func TestStepUp_Switches(t *testing.T) {
	w := newWorldWith(t, func(s *scenarios.Scenario) {
		switches := scenarios.DefaultSwitches(scenarios.ProfileDefault)
		switches.Visa.StepUpOTP, switches.Visa.StepUpAttempts, switches.Visa.StepUpSelection = "1212", 1, 2
		s.Switches = &switches
	}, careful)
	ctx := context.Background()
	made := provision(ctx, t, w.client)
	id := made.VProvisionedTokenID
	chosen := stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[2].Identifier}))(t)
	if chosen.MaxOTPRequestsAllowed != 2 || chosen.MaxOTPVerificationAllowed != 1 {
		t.Errorf("%+v", chosen)
	}
	if err := w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: "1212"}); err != nil {
		t.Error(err)
	}
}

// TestStepUp_WrongCodeTheOtherWay answers wrong and late codes as another client
// has seen it.
func TestStepUp_WrongCodeTheOtherWay(t *testing.T) {
	w := newWorld(t, careful+"networks: { visa: { wrong-code: notAllowed } }\n")
	ctx := context.Background()
	made := provision(ctx, t, w.client)
	id := made.VProvisionedTokenID
	stage.Must(w.client.SelectStepUpMethod(ctx, id, vts.StepUpMethodRequest{StepUpRequestID: made.StepUpRequest[0].Identifier}))(t)
	refusedAs(t, w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otherOTP}), 409, "notAllowed")
	if e := stage.Last(w.box); e.Problem != token.NotAllowed || !strings.HasPrefix(e.Detail, "wrong-code: ") {
		t.Errorf("journaled as %s, %s", e.Problem, e.Detail)
	}
	w.advance(11 * time.Minute)
	refusedAs(t, w.client.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp}), 409, "notAllowed")
}

// TestStepUp_OnlyForTokensThatWait tries each call on tokens in other states, on
// another requestor's, and with an identifier of another token.
func TestStepUp_OnlyForTokensThatWait(t *testing.T) {
	w := newWorld(t, careful+"  bob: { network: visa, pan: \"4622943120000618\", expiry: \"12/29\" }\n"+
		"  carol: { network: visa, pan: \"4622943120000626\", expiry: \"12/29\", activation: 36h }\nrequestors:\n  one: {}\n  two: {}\n")
	ctx := context.Background()
	w.who = requestor(t, w.box, "one")
	one := w.clientOf(w.keys().Signing, w.keys().Encryption)
	waits := provision(ctx, t, one)
	provisioned := func(number string) string {
		return parse(t, w.send(w.good(func(s *sending) { card1("accountNumber", number)(w, s) })).Body)["vProvisionedTokenID"].(string)
	}
	active, later := provisioned("4622943120000618"), provisioned("4622943120000626")
	two := w.clientOf(server.KeysOf(requestor(t, w.box, "two")).Signing, server.KeysOf(requestor(t, w.box, "two")).Encryption)

	choice := vts.StepUpMethodRequest{StepUpRequestID: waits.StepUpRequest[0].Identifier}
	calls := map[string]func(c *vts.Client, id string) error{
		"options": func(c *vts.Client, id string) error { _, err := c.StepUpOptions(ctx, id); return err },
		"method": func(c *vts.Client, id string) error {
			_, err := c.SelectStepUpMethod(ctx, id, choice)
			return err
		},
		"password": func(c *vts.Client, id string) error {
			return c.ValidateOTP(ctx, id, vts.ValidateOTPRequest{OTPValue: otp})
		},
		"app's code": func(c *vts.Client, id string) error {
			return c.ValidateAuthCode(ctx, id, vts.ValidateAuthCodeRequest{AuthCode: otp})
		},
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			refusedAs(t, call(one, active), 403, "notAllowed")
			refusedAs(t, call(one, later), 403, "notAllowed") // inactive, but no cardholder has to be identified
			refusedAs(t, call(one, strings.Repeat("0", 32)), 404, "invalidParameter")
			refusedAs(t, call(two, waits.VProvisionedTokenID), 403, "AuthError")
		})
	}
	_, err := one.SelectStepUpMethod(ctx, waits.VProvisionedTokenID, vts.StepUpMethodRequest{StepUpRequestID: strings.Repeat("c", 32)})
	refusedAs(t, err, 400, "invalidParameter")
	if err := w.box.Act(scenarios.Action{Do: "delete"}, sandbox.Target{Token: token.Ref(waits.VProvisionedTokenID)}); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		t.Run(name+" of a deleted token", func(t *testing.T) { refusedAs(t, call(one, waits.VProvisionedTokenID), 403, "notAllowed") })
	}
}

// TestStepUp_CodesAreNotJournaled looks for right and wrong codes.
func TestStepUp_CodesAreNotJournaled(t *testing.T) {
	w, made := waiting(t)
	for _, tail := range []string{"validateOTP", "validateAuthCode"} {
		for _, code := range []string{"73519", otp} {
			e := w.send(w.request("POST", "/vts/provisionedTokens/"+made.VProvisionedTokenID+"/stepUpOptions/"+tail,
				[]byte(`{"otpValue":"`+code+`","authCode":"`+code+`"}`))).Entry
			if text := string(stage.Marshal(t, e)); strings.Contains(text, code) || e.Op == "" {
				t.Errorf("%s: journaled as %s", tail, text)
			}
		}
	}
}
