// Package vts holds the conformance checks of the Visa Token Service's
// card-on-file side: whoever serves it can be judged, given a base URL,
// credentials and a control driver (docs/conformance.md).
//
// It knows nothing of any server's inside. What it expects is in
// docs/wire/vts.md and is written here by hand.
package vts

import (
	"net/http"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// Suite is the suite by its name on the command line.
func Suite() harness.Suite {
	return harness.Suite{
		Name: "vts", Title: "Visa Token Service, card on file", Network: token.Visa, Register: Register, Probe: probe,
	}
}

// Register adds the checks to Ginkgo's tree. It makes no call.
func Register(cfg *harness.Config) {
	s := &suite{cfg: cfg}
	if cfg.Notices != nil {
		cfg.Notices.Understand(about)
	}
	s.transport()
	s.authentication()
	s.encryption()
	s.bodies()
	s.unknownIDs()
	s.fields()
	s.enrolment()
	s.provisioning()
	s.stepUp()
	s.reading()
	s.paymentData()
	s.lifeCycle()
	s.issuer()
	s.errors()
	s.notices()
	s.changes()
}

// suite is what all checks share.
type suite struct {
	cfg *harness.Config
}

func (s *suite) visa() harness.Visa { return *s.cfg.Target.Visa }

func (s *suite) operator() harness.Operator { return s.cfg.Operator(token.Visa) }

// client is the target's requestor.
func (s *suite) client() *vts.Client {
	GinkgoHelper()
	return harness.ClientOf(s.cfg, s.visa())
}

// other is a second requestor; without one the check does not apply.
func (s *suite) other() *vts.Client {
	GinkgoHelper()
	return harness.ClientOf(s.cfg, harness.Other(s.visa().Other))
}

// instrument is the clear text that enrols a card.
func instrument(card harness.Card) *vts.PaymentInstrument {
	return &vts.PaymentInstrument{
		AccountNumber: card.Digits(), CVV2: "123", Name: "Alex Example", ExpirationDate: vts.DateOf(card.Expiry),
		BillingAddress: &vts.BillingAddress{Line1: "1 Sample Street", City: "Springfield", State: "IL", Country: "US", PostalCode: "62701"},
	}
}

func enrolRequest() vts.EnrollRequest {
	return vts.EnrollRequest{
		Locale: "en_US", PANSource: vts.SourceOnFile, ConsumerEntryMode: vts.EntryKeyed, PlatformType: vts.PlatformWeb,
	}
}

func provisionRequest() vts.ProvisionRequest {
	return vts.ProvisionRequest{
		PresentationType: []string{vts.PresentationECOM}, ProtectionType: vts.ProtectionCloud, AccountType: vts.AccountWallet,
		EmailAddressHash: "c2FtcGxlLWhhc2gtb2YtYW4tZW1haWwtYWRkcmVzcy0", IP4Address: "192.0.2.10",
	}
}

func withPANRequest() vts.ProvisionWithPANRequest {
	return vts.ProvisionWithPANRequest{
		ProvisionRequest: provisionRequest(), Locale: "en_US", PANSource: vts.SourceOnFile, ConsumerEntryMode: vts.EntryKeyed,
	}
}

var paymentRequest = vts.PaymentDataRequest{
	ClientPaymentDataID: "ord-000042", PaymentRequest: vts.PaymentRequest{TransactionType: vts.TransactionECOM},
}

var customerAsked = vts.UpdateReason{ReasonCode: vts.ReasonCodeCustomerConfirmed, ReasonDesc: "asked by the customer"}

// refused expects the token service's refusal, with 403.
func refused(err error, reason vts.Reason) {
	GinkgoHelper()
	failure := request.Refused[*vts.Error](err, reason)
	Expect([]any{failure.Status, failure.Reason()}).To(Equal([]any{http.StatusForbidden, reason}), "%v", err)
}
