// Package mdes holds the conformance checks of Mastercard's Digital Enablement
// Service as a card-on-file token requestor meets it: whoever serves it can be
// judged, given a base URL, credentials and a control driver
// (docs/conformance.md).
//
// It knows nothing of any server's inside. What it expects is in
// docs/wire/mdes.md and is written here by hand.
package mdes

import (
	"crypto/rand"
	"fmt"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// Suite is the suite by its name on the command line.
func Suite() harness.Suite {
	return harness.Suite{
		Name: "mdes", Title: "Mastercard Digital Enablement Service, card on file",
		Network: token.Mastercard, Register: Register, Probe: probe,
	}
}

// Register adds the checks to Ginkgo's tree. It makes no call.
func Register(cfg *harness.Config) {
	s := &suite{cfg: cfg}
	if cfg.Notices != nil {
		cfg.Notices.Understand(s.about)
	}
	s.transport()
	s.authentication()
	s.encryption()
	s.bodies()
	s.unknownIDs()
	s.fields()
	s.tokenizing()
	s.decisions()
	s.tasks()
	s.reading()
	s.searching()
	s.transacting()
	s.lifeCycle()
	s.batches()
	s.issuer()
	s.errors()
	s.notices()
	s.changes()
}

// suite is what all checks share.
type suite struct {
	cfg *harness.Config
}

func (s *suite) mastercard() harness.Mastercard { return *s.cfg.Target.Mastercard }

func (s *suite) env() mdes.Environment { return mdes.Environment(s.mastercard().Environment) }

func (s *suite) operator() harness.Operator { return s.cfg.Operator(token.Mastercard) }

// client is the target's requestor.
func (s *suite) client() *mdes.Client {
	GinkgoHelper()
	return harness.ClientOf(s.cfg, s.mastercard())
}

// other is a second requestor; without one the check does not apply.
func (s *suite) other() *mdes.Client {
	GinkgoHelper()
	return harness.ClientOf(s.cfg, harness.Other(s.mastercard().Other))
}

func (s *suite) keys() harness.MastercardKeys {
	GinkgoHelper()
	keys, err := s.mastercard().Keys()
	Expect(err).NotTo(HaveOccurred())
	return keys
}

// sealer seals to the network under the library's usual fingerprint.
func (s *suite) sealer() mdes.Sealer {
	GinkgoHelper()
	sealer, err := mdes.NewSealer(s.keys().Encryption, mdes.CertificateSHA256)
	Expect(err).NotTo(HaveOccurred())
	return sealer
}

// fresh draws an id that no other request has.
func fresh(kind string) string {
	var b [12]byte
	_, _ = rand.Read(b[:]) // never fails
	return fmt.Sprintf("%s-%x", kind, b)
}

// funding is the clear text that tokenizes a card.
func funding(card harness.Card) *mdes.FundingAccountData {
	return &mdes.FundingAccountData{
		CardAccountData: &mdes.CardAccountData{
			AccountNumber: mdes.Sensitive(card.Digits()), ExpiryMonth: card.Expiry.MM(), ExpiryYear: card.Expiry.YY(), SecurityCode: "123",
		},
		AccountHolderData: &mdes.AccountHolderData{
			AccountHolderName: "ADA EXAMPLE",
			AccountHolderAddress: &mdes.Address{
				Line1: "1 Sample Road", City: "Testville", CountrySubdivision: "MO", PostalCode: "63101", Country: "USA",
			},
		},
		Source: "ACCOUNT_ON_FILE",
	}
}

func tokenizeRequest() mdes.TokenizeRequest {
	return mdes.TokenizeRequest{
		TaskID: fresh("task"), ConsumerLanguage: "en",
		DecisioningData: &mdes.DecisioningData{
			Recommendation: "APPROVED", RecommendationAlgorithmVersion: "01", DeviceScore: "4", AccountScore: "5",
			AccountIDHash: "a85e9ca18f34935ab9b0381b25bfad2455444112b0149270fd88e3da172fe196",
		},
	}
}

func lifecycle(refs ...token.Ref) mdes.LifecycleRequest {
	r := mdes.LifecycleRequest{CausedBy: "TOKEN_REQUESTOR", ReasonCode: "OTHER", Reason: "asked by the customer"}
	for _, ref := range refs {
		r.TokenUniqueReferences = append(r.TokenUniqueReferences, string(ref))
	}
	return r
}

// refused expects an error of MDES itself.
func refused(err error, code mdes.ReasonCode) {
	GinkgoHelper()
	failure := request.Refused[*mdes.Error](err, code)
	Expect(failure.Application).NotTo(BeNil(), "not an error of the service: %v", err)
	Expect(failure.Code()).To(Equal(string(code)), "%v", err)
}
