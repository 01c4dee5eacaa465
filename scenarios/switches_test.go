package scenarios_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pantomime-dev/pantomime/scenarios"
	"github.com/pantomime-dev/pantomime/token"
)

func TestParse_WithoutSwitchesThereAreNone(t *testing.T) {
	if sc := compiled(t, "name: nothing"); sc.Switches != nil {
		t.Errorf("got %+v", sc.Switches)
	}
}

func TestParse_SetsWhatAProfileSays(t *testing.T) {
	for _, p := range []scenarios.Profile{scenarios.ProfileDefault, scenarios.ProfileStrict, scenarios.ProfileLenient} {
		sc := compiled(t, "profile: "+string(p))
		want := scenarios.DefaultSwitches(p)
		if sc.Switches == nil || sc.Switches.Profile != p {
			t.Fatalf("%s: got %+v", p, sc.Switches)
		}
		if diff := cmp.Diff(want, *sc.Switches); diff != "" {
			t.Errorf("%s: %s", p, diff)
		}
	}
}

// Each switch sets its own member and no other.
func TestParse_SetsSingleSwitches(t *testing.T) {
	type visa = scenarios.VisaSwitches
	for key, change := range map[string]func(*visa){
		"create-status: 200":      func(v *visa) { v.CreateStatus = 200 },
		"old-pay-token: true":     func(v *visa) { v.OldPayToken = true },
		"replay-cache: true":      func(v *visa) { v.ReplayCache = true },
		"repeat: new":             func(v *visa) { v.Repeat = scenarios.RepeatNew },
		"resume-issuers: true":    func(v *visa) { v.ResumeIssuers = true },
		"redundant: accept":       func(v *visa) { v.Redundant = scenarios.RedundantAccept },
		"sign-notices: false":     func(v *visa) { v.SignNotices = false },
		"dynamic-cvv: true":       func(v *visa) { v.DynamicCVV = true },
		"key-use: true":           func(v *visa) { v.KeyUse = true },
		"any-reason-code: false":  func(v *visa) { v.AnyReasonCode = false },
		`step-up-otp: "0000"`:     func(v *visa) { v.StepUpOTP = "0000" },
		"step-up-attempts: 7":     func(v *visa) { v.StepUpAttempts = 7 },
		"step-up-selections: 100": func(v *visa) { v.StepUpSelection = 100 },
		"wrong-code: notAllowed":  func(v *visa) { v.WrongCode = "notAllowed" },
	} {
		want := scenarios.DefaultSwitches(scenarios.ProfileDefault)
		change(&want.Visa)
		switched(t, "visa", key, want)
	}
	type mc = scenarios.MastercardSwitches
	for key, change := range map[string]func(*mc){
		"error-status: 500":                   func(m *mc) { m.ErrorStatus = 500 },
		"error-statuses: { INVALID_PAN: 404}": func(m *mc) { m.ErrorStatuses = map[token.Key]int{"INVALID_PAN": 404} },
		"signature-status: 403":               func(m *mc) { m.SignatureStatus = 403 },
		"parameter-status: 401":               func(m *mc) { m.ParameterStatus = 401 },
		"oauth-forms: rfc":                    func(m *mc) { m.OAuthForms = "rfc" },
		"timestamp-window: 90s":               func(m *mc) { m.TimestampWindow = 90 * time.Second },
		"nonce-memory: true":                  func(m *mc) { m.NonceMemory = true },
		"repeat: duplicate":                   func(m *mc) { m.Repeat = scenarios.RepeatDuplicate },
		"redundant: refuse":                   func(m *mc) { m.Redundant = scenarios.RedundantRefuse },
		"empty-search: NO_ACTIVE_TOKENS":      func(m *mc) { m.EmptySearch = "NO_ACTIVE_TOKENS" },
		"caused-by-suspends: false":           func(m *mc) { m.CausedBySuspends = false },
		"single-reference: false":             func(m *mc) { m.SingleReference = false },
		"unknown-members: true":               func(m *mc) { m.UnknownMembers = true },
		"activation-notices: false":           func(m *mc) { m.ActivationNotices = false },
		"clear-notices: true":                 func(m *mc) { m.ClearNotices = true },
		"notice-token-number: false":          func(m *mc) { m.NoticeTokenNumber = false },
		"digest: SHA256":                      func(m *mc) { m.Digest = "SHA256" },
		"fingerprint: cert-sha1":              func(m *mc) { m.Fingerprint = "cert-sha1" },
		"jwe: false":                          func(m *mc) { m.JWE = false },
		"digital-assets: false":               func(m *mc) { m.DigitalAssets = false },
	} {
		want := scenarios.DefaultSwitches(scenarios.ProfileDefault)
		change(&want.Mastercard)
		switched(t, "mastercard", key, want)
	}
}

func switched(t *testing.T, network, key string, want scenarios.Switches) {
	t.Helper()
	sc := compiled(t, "networks: { "+network+": { "+key+" } }")
	if diff := cmp.Diff(&want, sc.Switches); diff != "" {
		t.Errorf("%s, %s: %s", network, key, diff)
	}
}

func TestParse_ASingleSwitchGoesBeforeTheProfile(t *testing.T) {
	sc := compiled(t, "profile: strict\nnetworks: { visa: { replay-cache: false }, mastercard: { timestamp-window: 0 } }")
	want := scenarios.DefaultSwitches(scenarios.ProfileStrict)
	want.Visa.ReplayCache, want.Mastercard.TimestampWindow = false, 0
	if diff := cmp.Diff(&want, sc.Switches); diff != "" {
		t.Error(diff)
	}
}

func TestParse_CompilesHowARequestorConnects(t *testing.T) {
	sc := compiled(t, `requestors:
  plain: {}
  other: { auth: warn, keys: one, further-keys: [both, sign, both, encrypt], encryption: rsa, relationship-id: "24681921-40000000082" }
  same: { auth: verify, keys: two, encryption: shared-secret }`)
	for i, want := range []scenarios.Requestor{
		{Name: "plain"},
		{Name: "other", Auth: "warn", OneKey: true, Further: []scenarios.KeyUse{"both", "sign", "both", "encrypt"}, RSA: true, Relation: "24681921-40000000082"},
		{Name: "same", Auth: "verify"},
	} {
		want.TRID, want.Notify = map[token.Network]token.TRID{}, map[token.Network]string{}
		if diff := cmp.Diff(want, sc.Requestors[i]); diff != "" {
			t.Error(diff)
		}
	}
}
