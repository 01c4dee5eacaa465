package token

import (
	"slices"
)

// Operation names one call of one network: "visa/getPaymentData".
// The table below is the only list of operations; routes, matching and
// listings are built on it.
type Operation string

// Visa's operations (docs/wire/vts.md "Operations"). Visa's paths carry no
// operation names, so these are ours, in the network's own words.
const (
	VisaEnroll                Operation = "visa/enrollPan"
	VisaGetCardMetadata       Operation = "visa/getCardMetadata"
	VisaProvision             Operation = "visa/provisionToken"
	VisaProvisionWithPAN      Operation = "visa/provisionTokenWithPan"
	VisaGetToken              Operation = "visa/getToken"
	VisaGetPaymentData        Operation = "visa/getPaymentData"
	VisaSuspend               Operation = "visa/suspendToken"
	VisaResume                Operation = "visa/resumeToken"
	VisaDelete                Operation = "visa/deleteToken"
	VisaGetContent            Operation = "visa/getContent"
	VisaGetStepUpOptions      Operation = "visa/getStepUpOptions"
	VisaSelectStepUpMethod    Operation = "visa/selectStepUpMethod"
	VisaValidateOTP           Operation = "visa/validateOTP"
	VisaValidateAuthCode      Operation = "visa/validateAuthCode"
	VisaDeviceBinding         Operation = "visa/deviceBinding"
	VisaGetAttestationOptions Operation = "visa/getAttestationOptions"
)

// Mastercard's operations (docs/wire/mdes.md "Operations").
const (
	MCTokenize         Operation = "mastercard/tokenize"
	MCTransact         Operation = "mastercard/transact"
	MCGetTaskStatus    Operation = "mastercard/getTaskStatus"
	MCGetToken         Operation = "mastercard/getToken"
	MCSearchTokens     Operation = "mastercard/searchTokens"
	MCSuspend          Operation = "mastercard/suspend"
	MCUnsuspend        Operation = "mastercard/unsuspend"
	MCDelete           Operation = "mastercard/delete"
	MCGetAsset         Operation = "mastercard/getAsset"
	MCGetDigitalAssets Operation = "mastercard/getDigitalAssets"
)

// An acquirer's operations (docs/wire/acquirer.md "Operations"). They are of no
// network: the number that pays says which one is meant.
const (
	Authorize  Operation = "acquirer/authorize"
	Capture    Operation = "acquirer/capture"
	Void       Operation = "acquirer/void"
	Refund     Operation = "acquirer/refund"
	Increment  Operation = "acquirer/increment"
	Reverse    Operation = "acquirer/reverse"
	GetPayment Operation = "acquirer/getPayment"
)

// Verb is the neutral name of an operation: what it does whatever the network.
type Verb string

// The verbs. Operations that exist at one network only have none.
const (
	VerbEnroll     Verb = "enroll"
	VerbProvision  Verb = "provision"
	VerbCryptogram Verb = "cryptogram"
	VerbStatus     Verb = "status"
	VerbSuspend    Verb = "suspend"
	VerbResume     Verb = "resume"
	VerbDelete     Verb = "delete"
)

// OperationInfo is one row of the operation table.
type OperationInfo struct {
	Op      Operation `json:"operation"`
	Network Network   `json:"network,omitempty"` // "" where it is of no network
	Wire    string    `json:"name"`              // the name used in scenario files
	Verb    Verb      `json:"verb,omitempty"`
	Traits  Traits    `json:"-"`
	About   string    `json:"about"`
}

// Traits say what an operation's requests and answers carry, as far as rules
// and the step can depend on it. Every request names its requestor.
type Traits struct {
	Card     bool  // the request reports the card: by its number, its handle or a token of it
	Token    bool  // the request can name a token; of a batch, the first counts
	Batch    bool  // the request can name several tokens
	Sealed   bool  // the answer can carry cipher text
	Shows    bool  // the answer shows the card's product: texts, colours, art
	NoBody   bool  // the request has no body
	Pays     bool  // it is about a payment, and declined for a [DeclineReason]
	PaidWith bool  // the request says what is paid with: a card, or a token and a cryptogram
	Confirms Proof // what the request proves the cardholder by, "" for nothing
}

// Proof is what a cardholder is identified by.
type Proof string

// The proofs.
const (
	Password Proof = "one-time password"
	AppCode  Proof = "app code" // handed out by the issuer's app
)

// operations follow docs/wire/vts.md and docs/wire/mdes.md, "Operations" and
// "Encryption".
var operations = []OperationInfo{
	{VisaEnroll, Visa, "enrollPan", VerbEnroll, Traits{Card: true, Shows: true}, "enrol a card number"},
	{VisaGetCardMetadata, Visa, "getCardMetadata", "", Traits{Card: true, Shows: true, NoBody: true}, "read an enrolment: last four, expiry, art"},
	{VisaProvision, Visa, "provisionToken", VerbProvision, Traits{Card: true, Sealed: true}, "token for an enrolment"},
	{VisaProvisionWithPAN, Visa, "provisionTokenWithPan", VerbProvision, Traits{Card: true, Sealed: true, Shows: true}, "enrol and provision in one call"},
	{VisaGetToken, Visa, "getToken", VerbStatus, Traits{Card: true, Token: true, NoBody: true}, "read a token"},
	{VisaGetPaymentData, Visa, "getPaymentData", VerbCryptogram, Traits{Card: true, Token: true, Sealed: true}, "cryptogram (TAVV) for a payment"},
	{VisaSuspend, Visa, "suspendToken", VerbSuspend, Traits{Card: true, Token: true}, "suspend a token"},
	{VisaResume, Visa, "resumeToken", VerbResume, Traits{Card: true, Token: true}, "resume a suspended token"},
	{VisaDelete, Visa, "deleteToken", VerbDelete, Traits{Card: true, Token: true}, "delete a token for good"},
	{VisaGetContent, Visa, "getContent", "", Traits{NoBody: true}, "card art and terms by guid"},
	{VisaGetStepUpOptions, Visa, "getStepUpOptions", "", Traits{Card: true, Token: true, NoBody: true}, "step-up methods of an inactive token"},
	{VisaSelectStepUpMethod, Visa, "selectStepUpMethod", "", Traits{Card: true, Token: true}, "choose a step-up method"},
	{VisaValidateOTP, Visa, "validateOTP", "", Traits{Card: true, Token: true, Confirms: Password}, "activate with a one-time password"},
	{VisaValidateAuthCode, Visa, "validateAuthCode", "", Traits{Card: true, Token: true, Confirms: AppCode}, "activate with the issuer app's code"},
	{VisaDeviceBinding, Visa, "deviceBinding", "", Traits{Card: true, Token: true}, "bind a device to a token"},
	{VisaGetAttestationOptions, Visa, "getAttestationOptions", "", Traits{Card: true, Token: true}, "options for a passkey"},
	{MCTokenize, Mastercard, "tokenize", VerbProvision, Traits{Card: true, Token: true, Sealed: true, Shows: true}, "check a card and make a token"}, // a token represents its account
	{MCTransact, Mastercard, "transact", VerbCryptogram, Traits{Card: true, Token: true, Sealed: true}, "cryptogram (DSRP/UCAF) for a payment"},
	{MCGetTaskStatus, Mastercard, "getTaskStatus", "", Traits{}, "outcome of a tokenize by task id"},
	{MCGetToken, Mastercard, "getToken", VerbStatus, Traits{Card: true, Token: true, Sealed: true, Shows: true}, "read a token"},
	{MCSearchTokens, Mastercard, "searchTokens", "", Traits{Card: true, Token: true}, "tokens of a card"},
	{MCSuspend, Mastercard, "suspend", VerbSuspend, Traits{Card: true, Token: true, Batch: true}, "suspend up to ten tokens"},
	{MCUnsuspend, Mastercard, "unsuspend", VerbResume, Traits{Card: true, Token: true, Batch: true}, "lift the own suspension of up to ten tokens"},
	{MCDelete, Mastercard, "delete", VerbDelete, Traits{Card: true, Token: true, Batch: true}, "delete up to ten tokens for good"},
	{MCGetAsset, Mastercard, "getAsset", "", Traits{NoBody: true}, "card art and logos by id"},
	{MCGetDigitalAssets, Mastercard, "getDigitalAssets", "", Traits{Card: true, Shows: true}, "card art of a card that has no token (version 1.2.9)"},
	{Authorize, "", "authorize", "", Traits{Card: true, Token: true, Pays: true, PaidWith: true}, "pay by card, or by token and cryptogram, through an acquirer"},
	{Capture, "", "capture", "", Traits{Card: true, Token: true, Pays: true}, "take money of a payment that was authorized"},
	{Void, "", "void", "", Traits{Card: true, Token: true, Pays: true}, "give up a payment of which nothing was captured"},
	{Refund, "", "refund", "", Traits{Card: true, Token: true, Pays: true}, "give money back that was captured"},
	{Increment, "", "increment", "", Traits{Card: true, Token: true, Pays: true}, "ask the issuer to hold more"},
	{Reverse, "", "reverse", "", Traits{Card: true, Token: true, Pays: true}, "have the issuer hold less, or nothing"},
	{GetPayment, "", "getPayment", "", Traits{Card: true, Token: true, Pays: true, NoBody: true}, "read a payment"},
}

// Operations returns a copy of the whole table.
func Operations() []OperationInfo { return slices.Clone(operations) }

// Info returns the row of op; the zero row for an unknown one.
func (op Operation) Info() OperationInfo { return rowOf[op] }

// rowOf finds a row by its name.
var rowOf = func() map[Operation]OperationInfo {
	rows := map[Operation]OperationInfo{}
	for _, row := range operations {
		rows[row.Op] = row
	}
	return rows
}()

// Traits are what requests and answers of the operation carry.
func (op Operation) Traits() Traits { return op.Info().Traits }

// Confirming is the network's operation that takes a proof, "" for none.
func Confirming(network Network, by Proof) Operation {
	for _, row := range operations {
		if row.Network == network && row.Traits.Confirms == by {
			return row.Op
		}
	}
	return ""
}

// Network is the network whose operation this is, "" for none.
func (op Operation) Network() Network { return op.Info().Network }

// OperationsNamed resolves an operation as people name it: a verb, a wire name,
// or network and wire name as listed, "visa/getToken"; at one network or, with
// network empty, anywhere. An operation of no network is found at each. Nothing
// found is an empty list.
func OperationsNamed(name string, network Network) []Operation {
	var found []Operation
	for _, row := range operations {
		if (row.Wire == name || string(row.Verb) == name || string(row.Op) == name) && (network == "" || row.Network == "" || network == row.Network) {
			found = append(found, row.Op)
		}
	}
	return found
}

// OperationNames lists every accepted name: verbs, then wire names, then both
// with their network; without repeats.
func OperationNames() []string {
	var verbs, wires, listed []string
	for _, row := range operations {
		if row.Verb != "" && !slices.Contains(verbs, string(row.Verb)) {
			verbs = append(verbs, string(row.Verb))
		}
	}
	for _, row := range operations {
		listed = append(listed, string(row.Op))
		if !slices.Contains(verbs, row.Wire) && !slices.Contains(wires, row.Wire) {
			wires = append(wires, row.Wire)
		}
	}
	return slices.Concat(verbs, wires, listed)
}
