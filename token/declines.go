package token

import "slices"

// DeclineReason is why a payment is declined, as acquirers see it.
type DeclineReason struct {
	Key   Key      `json:"reason"`
	Code  string   `json:"responseCode"` // of ISO 8583, field 39
	By    Decliner `json:"by"`
	About string   `json:"about"`
}

// Decliner is who declines a payment.
type Decliner string

// The decliners: the network finds fault with the token or the cryptogram and
// the issuer is never asked, or the issuer says no.
const (
	NetworkDeclines Decliner = "network"
	IssuerDeclines  Decliner = "issuer"
)

// The reasons that the step finds by itself. An issuer may give any of the
// issuer's.
const (
	DeclineUnknownToken      Key = "unknown_token"
	DeclineForeignToken      Key = "token_of_another_requestor"
	DeclineForeignMerchant   Key = "token_of_another_merchant"
	DeclineInactiveToken     Key = "token_inactive"
	DeclineSuspendedToken    Key = "token_suspended"
	DeclineDeletedToken      Key = "token_deleted"
	DeclineExpiredToken      Key = "token_expired"
	DeclineTokenExpiry       Key = "token_expiry_differs"
	DeclineInvalidCryptogram Key = "cryptogram_invalid"
	DeclineUsedCryptogram    Key = "cryptogram_used"
	DeclineExpiredCryptogram Key = "cryptogram_expired"
	DeclinePrevious          Key = "previous_transaction_unknown"
	DeclineInvalidCard       Key = "invalid_card_number"
	DeclineExpiredCard       Key = "expired_card"
	DeclineClosedAccount     Key = "closed_account"
	DeclineFunds             Key = "insufficient_funds"
	DeclineDoNotHonor        Key = "do_not_honor"
	DeclineNotPermitted      Key = "not_permitted"
	DeclineTooLate           Key = "response_too_late"
	DeclineUnavailable       Key = "issuer_unavailable"
)

// declineReasons follow docs/wire/acquirer.md "Reasons".
var declineReasons = []DeclineReason{
	{DeclineUnknownToken, "14", NetworkDeclines, "no token has this number"},
	{DeclineForeignToken, "58", NetworkDeclines, "the token belongs to another token requestor"},
	{DeclineForeignMerchant, "58", NetworkDeclines, "the token's requestor acts for other merchants"},
	{DeclineInactiveToken, "78", NetworkDeclines, "the token is not active yet"},
	{DeclineSuspendedToken, "62", NetworkDeclines, "the token is suspended"},
	{DeclineDeletedToken, "46", NetworkDeclines, "the token was deleted"},
	{DeclineExpiredToken, "54", NetworkDeclines, "the token's own expiry has passed"},
	{DeclineTokenExpiry, "54", NetworkDeclines, "the expiry sent is not the token's"},
	{DeclineInvalidCryptogram, "82", NetworkDeclines, "the cryptogram was not made for this token"},
	{DeclineUsedCryptogram, "82", NetworkDeclines, "the cryptogram paid before"},
	{DeclineExpiredCryptogram, "82", NetworkDeclines, "the cryptogram is older than 24 hours"},
	{DeclinePrevious, "82", NetworkDeclines, "no earlier payment of this card at this merchant has the transaction id"},
	{DeclineInvalidCard, "14", NetworkDeclines, "the number is no card's"},
	{DeclineExpiredCard, "54", IssuerDeclines, "the card has expired, or the expiry sent is not the card's"},
	{DeclineClosedAccount, "46", IssuerDeclines, "the account is closed"},
	{DeclineFunds, "51", IssuerDeclines, "the account has too little money"},
	{"invalid_merchant", "03", IssuerDeclines, "invalid merchant or service provider"},
	{DeclineDoNotHonor, "05", IssuerDeclines, "the issuer gives no reason"},
	{"format_error", "30", IssuerDeclines, "the issuer cannot read the message"},
	{"lost_card", "41", IssuerDeclines, "the card is reported lost"},
	{"stolen_card", "43", IssuerDeclines, "the card is reported stolen"},
	{DeclineNotPermitted, "57", IssuerDeclines, "the card may not pay this way"},
	{"suspected_fraud", "59", IssuerDeclines, "the issuer suspects fraud"},
	{"exceeds_limit", "61", IssuerDeclines, "the amount is over the card's limit"},
	{DeclineTooLate, "68", IssuerDeclines, "the issuer's answer came too late"},
	{DeclineUnavailable, "91", IssuerDeclines, "the issuer cannot be reached"},
	{"system_malfunction", "96", IssuerDeclines, "the issuer's system failed"},
}

// DeclineReasons returns a copy of the table, the network's first.
func DeclineReasons() []DeclineReason { return slices.Clone(declineReasons) }

// DeclineReasonOf finds the reason of a key.
func DeclineReasonOf(key Key) (DeclineReason, bool) {
	r, ok := declineReasonOf[key]
	return r, ok
}

// declineReasonOf finds a row by its key.
var declineReasonOf = func() map[Key]DeclineReason {
	rows := map[Key]DeclineReason{}
	for _, r := range declineReasons {
		rows[r.Key] = r
	}
	return rows
}()

// DeclineReasonNames lists the keys, those of one party or, with "", all.
func DeclineReasonNames(by Decliner) []string {
	var names []string
	for _, r := range declineReasons {
		if by == "" || r.By == by {
			names = append(names, string(r.Key))
		}
	}
	return names
}
