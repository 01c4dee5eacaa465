package pantomime_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime"
	"github.com/pantomime-dev/pantomime/clock"
	"github.com/pantomime-dev/pantomime/control"
	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// story is a scenario that expects what a test has to bring about.
const story = `version: 1
name: suspended for fraud
clock: { mode: manual, start: 2026-03-01T09:00:00Z }
cards:
  alice: { network: visa, pan: test/visa/1, expiry: "12/29" }
timeline:
  - { on: token.provisioned, card: alice, after: 36h, do: suspend, by: issuer, reason: SUSPECTED_FRAUD }
expect:
  tokens: [ { card: alice, count: 1, status: suspended } ]
`

// provisionAlice makes a token for the story's card.
func provisionAlice(t *testing.T, net *pantomime.Running) string {
	t.Helper()
	made, err := net.VTS.ProvisionWithPAN(t.Context(), vts.ProvisionWithPANRequest{
		ProvisionRequest: vts.ProvisionRequest{PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud},
		Locale:           "en_US", PANSource: vts.SourceOnFile,
	}, &vts.PaymentInstrument{
		AccountNumber: "4622943120000600", ExpirationDate: vts.DateOf(token.Expiry{Year: 2029, Month: 12}),
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return made.VProvisionedTokenID
}

func TestRun_ClientsNoticesAndExpectations(t *testing.T) {
	reported := make(chan wallet.Notice, 1)
	net := pantomime.Run(t, story, pantomime.Notices(func(n wallet.Notice) { reported <- n }))
	ref := provisionAlice(t, net)
	if _, err := net.Control.Advance(t.Context(), control.Advance{By: new(control.Duration(2 * token.Day))}); err != nil {
		t.Fatal(err)
	}
	select { // the move of the clock has waited for it
	case n := <-reported:
		if n.Err != nil || string(n.Ref) != ref || n.Network != token.Visa {
			t.Errorf("%+v", n)
		}
	default:
		t.Error("no notice was reported")
	}
	if got, err := net.MDES.GetTaskStatus(t.Context(), "nobody-made-it"); err == nil {
		t.Errorf("%+v", got)
	}
}

// spy is a test that fails without harm.
type spy struct {
	failed bool
	said   []string
	ends   []func()
}

func (*spy) Helper()                           {}
func (s *spy) Cleanup(end func())              { s.ends = append(s.ends, end) }
func (s *spy) Failed() bool                    { return s.failed }
func (s *spy) Logf(format string, args ...any) { s.said = append(s.said, fmt.Sprintf(format, args...)) }

func (s *spy) Errorf(format string, args ...any) {
	s.failed = true
	s.Logf(format, args...)
}

func (s *spy) Fatalf(format string, args ...any) {
	s.Errorf(format, args...)
	panic(s)
}

// during runs a test to its end, or to the call that ends it.
func (s *spy) during(test func()) {
	defer func() {
		for i := range s.ends {
			s.ends[len(s.ends)-1-i]()
		}
		if p := recover(); p != nil && p != any(s) {
			panic(p)
		}
	}()
	test()
}

func TestRun_SaysWhatWentWrong(t *testing.T) {
	for name, c := range map[string]struct {
		test func(s *spy)
		want []string
	}{
		"a scenario that cannot run": {
			func(s *spy) { pantomime.Run(s, "version: 1\nname: x\nruls: []\n") },
			[]string{"scenario.yaml:3:1", "rules"},
		},
		"an expectation that does not hold": {
			func(s *spy) { provisionAlice(t, pantomime.Run(s, story)) },
			[]string{"scenario.yaml:9:13 tokens of alice: expected 1 suspended, found 1, 0 of them suspended", "1 requests", "POST /vts/provisionedTokens -> HTTP 201"},
		},
		"an address that cannot be opened": {
			func(s *spy) {
				pantomime.Run(s, "", pantomime.With(func(o *pantomime.Options) { o.Network = "256.0.0.1:1" }))
			},
			[]string{"network door"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := new(spy)
			s.during(func() { c.test(s) })
			all := strings.Join(s.said, "\n")
			if !s.failed {
				t.Error("the test did not fail")
			}
			for _, want := range c.want {
				if !strings.Contains(all, want) {
					t.Errorf("%q is not said in:\n%s", want, all)
				}
			}
		})
	}
}

func TestRun_PassesAndEndsQuietly(t *testing.T) {
	s := new(spy)
	s.during(func() {
		pantomime.Run(s, "", pantomime.With(func(o *pantomime.Options) { o.ClockMode = clock.Manual }))
	})
	if s.failed || len(s.said) != 0 {
		t.Errorf("%+v", s.said)
	}
}
