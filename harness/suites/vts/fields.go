package vts

import (
	"context"
	"net/http"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
)

// fieldRow is a change to one member of a good body; the refusal must name it.
type fieldRow struct {
	id    string
	basis harness.Basis
	op    token.Operation
	path  string // dotted
	value any    // what it becomes; nil: it is taken away
	says  string
}

// needed are the members that an operation cannot do without
// (docs/wire/vts.md "Provisioning", "Payment data", "Life cycle").
var needed = []request.Needed{
	{ID: "V-FIELD-ENROL", Op: token.VisaEnroll, Path: []string{"clientAppID", "clientWalletAccountID", "locale", "panSource", "encPaymentInstrument"}},
	{ID: "V-FIELD-PROV", Op: token.VisaProvision, Path: []string{"clientAppID", "presentationType", "protectionType"}},
	{ID: "V-FIELD-PAN", Op: token.VisaProvisionWithPAN, Path: []string{
		"clientAppID", "clientWalletAccountID", "locale", "panSource", "encPaymentInstrument", "presentationType", "protectionType",
	}},
	{ID: "V-FIELD-PAY", Op: token.VisaGetPaymentData, Path: []string{"clientPaymentDataID", "paymentRequest.transactionType"}},
	{ID: "V-FIELD-LIFE", Op: token.VisaSuspend, Path: []string{"updateReason.reasonCode"}},
}

func neededRows() []fieldRow {
	return request.Without(needed, func(id string, op token.Operation, path, says string) fieldRow {
		return fieldRow{id, harness.Observed, op, path, nil, says}
	})
}

func wrongRows() []fieldRow {
	long := func(n int) string { return strings.Repeat("A", n) }
	return []fieldRow{
		{"V-FIELD-01", harness.Assumed, token.VisaEnroll, "locale", "english", "with a locale that is none"},
		{"V-FIELD-02", harness.Observed, token.VisaEnroll, "panSource", "GUESSED", "with a panSource that does not exist"},
		{"V-FIELD-03", harness.Assumed, token.VisaEnroll, "clientAppID", long(37), "with a clientAppID of 37 characters"},
		{"V-FIELD-05", harness.Assumed, token.VisaEnroll, "clientWalletAccountID", []string{"x"}, "with a list as clientWalletAccountID"},
		{"V-FIELD-06", harness.Assumed, token.VisaEnroll, "encPaymentInstrument", map[string]any{"accountNumber": "4000000000000002"}, "with an object where ciphertext belongs"},
		{"V-FIELD-10", harness.Observed, token.VisaProvision, "presentationType", []string{"BY_PIGEON"}, "with a presentation that does not exist"},
		{"V-FIELD-11", harness.Observed, token.VisaProvision, "presentationType", "ECOM", "with a text where the list of presentations belongs"},
		{"V-FIELD-12", harness.Observed, token.VisaProvision, "presentationType", []string{}, "with an empty list of presentations"},
		{"V-FIELD-13", harness.Observed, token.VisaProvision, "ip4address", "2001:db8::1", "with an IPv6 address as ip4address"},
		{"V-FIELD-14", harness.Observed, token.VisaProvision, "location", "somewhere", "with a location that is none"},
		{"V-FIELD-15", harness.Assumed, token.VisaProvision, "clientWalletAccountEmailAddressHash", long(65), "with an e-mail hash of 65 characters"},
		{"V-FIELD-20", harness.Observed, token.VisaGetPaymentData, "paymentRequest.transactionType", "BARTER", "with a transaction type that does not exist"},
		{"V-FIELD-21", harness.Documented, token.VisaGetPaymentData, "clientPaymentDataID", long(37), "with a clientPaymentDataID of 37 characters"},
		{"V-FIELD-22", harness.Assumed, token.VisaGetPaymentData, "atc", "65536", "with a counter above 65535"},
		{"V-FIELD-30", harness.Assumed, token.VisaSuspend, "updateReason.reasonCode", "because", "with a reason code in small letters"},
		{"V-FIELD-31", harness.Assumed, token.VisaSuspend, "updateReason.reasonCode", long(41), "with a reason code of 41 characters"},
		{"V-FIELD-32", harness.Assumed, token.VisaSuspend, "updateReason.reasonDesc", long(257), "with a reason of 257 characters"},
		{"V-FIELD-33", harness.Assumed, token.VisaSuspend, "updateReason", "fraud", "with a text where the reason's object belongs"},
	}
}

func (s *suite) fields() {
	harness.Feature("fields", "Errors", func() {
		for _, row := range append(neededRows(), wrongRows()...) {
			harness.Check(row.id, row.basis, "refuses "+row.op.Info().Wire+" "+row.says+" and names the field", func(ctx SpecContext) {
				s.refusesMember(ctx, row)
			}, harness.BadInput)
		}
		harness.Check("V-FIELD-40", harness.Assumed, "names every bad field at once", s.namesAll, harness.BadInput)
	})
}

// idFor makes what an operation's path needs: an enrolment or a token.
func (s *suite) idFor(ctx context.Context, op token.Operation) string {
	GinkgoHelper()
	switch op {
	case token.VisaEnroll, token.VisaProvisionWithPAN:
		return ""
	case token.VisaProvision:
		return s.enrol(ctx).id
	}
	return string(s.provision(ctx).ref)
}

func (s *suite) refusesMember(ctx context.Context, row fieldRow) {
	GinkgoHelper()
	d := s.draft(row.op, s.idFor(ctx, row.op), request.WithMember(request.JSON(s.goodBody(row.op)), row.path, row.value))
	d.Sign()
	d.Send(ctx).MustBe(http.StatusBadRequest, at(row.path))
}

func (s *suite) namesAll(ctx SpecContext) {
	body := request.JSON(s.goodBody(token.VisaEnroll))
	for _, name := range []string{"clientAppID", "locale", "panSource"} {
		body = request.WithMember(body, name, nil)
	}
	d := s.draft(token.VisaEnroll, "", body)
	d.Sign()
	d.Send(ctx).MustBe(http.StatusBadRequest, at("clientAppID", "locale", "panSource"))
}
