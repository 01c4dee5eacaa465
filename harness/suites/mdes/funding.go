package mdes

import (
	"context"
	"encoding/json"
	"strings"

	. "github.com/onsi/ginkgo/v2"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// fundingRow is a change to the clear text of the account, and the code it
// earns.
type fundingRow struct {
	id, path string
	basis    harness.Basis
	value    any // nil: the member is taken away
	codes    []mdes.ReasonCode
	says     string
}

// badFunding are accounts that open and cannot be used
// (docs/wire/mdes.md "Payload encryption", "Test data").
func badFunding() []fundingRow {
	missing := []mdes.ReasonCode{mdes.MissingRequiredField}
	form := []mdes.ReasonCode{mdes.InvalidFieldFormat, mdes.InvalidFieldLength, mdes.InvalidFieldValue, mdes.InvalidPAN}
	pan := []mdes.ReasonCode{mdes.InvalidPAN}
	return []fundingRow{
		{"M-FUND-01", "cardAccountData", harness.Documented, nil, missing, "an account without card"},
		{"M-FUND-02", "cardAccountData.accountNumber", harness.Documented, nil, missing, "a card without number"},
		{"M-FUND-03", "source", harness.Documented, nil, missing, "an account without source"},
		{"M-FUND-04", "cardAccountData.accountNumber", harness.Documented, "52047316", form, "a card number of 8 digits"},
		{"M-FUND-05", "cardAccountData.accountNumber", harness.Documented, "52047316000147840000", form, "a card number of 20 digits"},
		{"M-FUND-06", "cardAccountData.accountNumber", harness.Documented, "52047316000I4784", form, "a card number with a letter"},
		{"M-FUND-07", "cardAccountData.accountNumber", harness.Assumed, "5204731600014785", pan, "a card number whose check digit is wrong"},
		{"M-FUND-08", "cardAccountData.expiryYear", harness.Observed, "19", pan, "a card that has expired"},
		{"M-FUND-09", "cardAccountData.expiryMonth", harness.Documented, "13", form, "month 13"},
		{"M-FUND-10", "cardAccountData.expiryYear", harness.Documented, "2039", form, "a year of four digits"},
		{"M-FUND-11", "cardAccountData.securityCode", harness.Documented, "12", form, "a security code of two digits"},
		{"M-FUND-12", "source", harness.Documented, "FOUND_IN_THE_STREET", form, "a source that does not exist"},
		{"M-FUND-13", "accountHolderData.accountHolderName", harness.Documented, strings.Repeat("A", 28), form, "a name of 28 characters"},
		{"M-FUND-14", "accountHolderData.accountHolderAddress.country", harness.Documented, "US", form, "a country of two letters"},
		{"M-FUND-15", "cardAccountData.accountNumber", harness.Assumed, "4000000000000002", []mdes.ReasonCode{mdes.PANIneligible}, "a card of another network"},
	}
}

func (s *suite) refusesFunding(ctx context.Context, row fundingRow) {
	GinkgoHelper()
	plain := json.RawMessage(request.WithMember(request.JSON(funding(s.cfg.FreshCard(token.Mastercard))), row.path, row.value))
	s.mustRefuse(s.sendSealed(ctx, *s.sealed(plain)), row.codes...)
}
