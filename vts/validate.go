package vts

import (
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// policy reports all bad fields at once. Unknown ones are ignored, as the service
// is believed to do.
var policy = wire.Policy{Phases: [][]wire.Rule{{wire.Missing, wire.Length, wire.WrongForm, wire.Choice}}, All: true}

func judge(table *wire.Table, message any) wire.BadFields {
	v, _ := table.Of(message)
	return policy.Bad(table.Fields, v)
}

// clearTables are those of clear texts, by the encrypted member.
var clearTables = map[string]*wire.Table{
	"encPaymentInstrument":  instrumentTable,
	"encBillingInfo":        billingTable,
	"encAuthenticationData": authenticationTable,
}

// Fields is the field table of an operation's body, nil if it takes none. It
// must not be changed.
func Fields(op token.Operation) []wire.Field {
	route, _ := RouteOf(op)
	return route.Body.Rows()
}

// ClearFields is the field table of the clear text of an encrypted member, nil
// if it has no rules. It must not be changed.
func ClearFields(member string) []wire.Field { return clearTables[member].Rows() }

// Validate applies the rules of enrol PAN.
func (r *EnrollRequest) Validate() wire.BadFields { return judge(enrollTable, r) }

// Validate applies the rules of provision for an enrolment.
func (r *ProvisionRequest) Validate() wire.BadFields { return judge(provisionTable, r) }

// Validate applies the rules of provision with PAN data.
func (r *ProvisionWithPANRequest) Validate() wire.BadFields { return judge(provisionWithPANTable, r) }

// Validate applies the rules of get payment data.
func (r *PaymentDataRequest) Validate() wire.BadFields { return judge(paymentDataTable, r) }

// Validate applies the rules of suspend, resume and delete.
func (r *LifecycleRequest) Validate() wire.BadFields { return judge(lifecycleTable, r) }

// Validate applies the rules of choosing a method.
func (r *StepUpMethodRequest) Validate() wire.BadFields { return judge(stepUpMethodTable, r) }

// Validate applies the rules of a one-time password.
func (r *ValidateOTPRequest) Validate() wire.BadFields { return judge(validateOTPTable, r) }

// Validate applies the rules of an issuer app's code.
func (r *ValidateAuthCodeRequest) Validate() wire.BadFields { return judge(validateAuthCodeTable, r) }

// Validate applies the rules of device binding.
func (r *DeviceBindingRequest) Validate() wire.BadFields { return judge(deviceBindingTable, r) }

// Validate applies the rules of attestation options.
func (r *AttestationRequest) Validate() wire.BadFields {
	if table, known := attestationTables[r.Type]; known {
		return judge(table, r)
	}
	return judge(attestationTable, r)
}

// Validate applies the rules of the clear text of encPaymentInstrument, those
// without the request.
func (p *PaymentInstrument) Validate() wire.BadFields { return judge(instrumentTable, p) }

// ValidateFor applies the rules that depend on the request's panSource too.
func (p *PaymentInstrument) ValidateFor(panSource string) wire.BadFields {
	bad := p.Validate()
	if panSource == SourceIssuerPush && p.Provider == nil {
		bad = append(bad, wire.BadField{Location: "provider", Why: "is missing"})
	}
	return bad
}

// Validate applies the rules of the clear text of encBillingInfo.
func (b *BillingInfo) Validate() wire.BadFields { return judge(billingTable, b) }

// Validate applies the rules of the clear text of encAuthenticationData.
func (a *AuthenticationData) Validate() wire.BadFields { return judge(authenticationTable, a) }

// ValidReasonCode reports whether s has the form of a reason code: 1 to 40
// capital letters and underscores (docs/wire/vts.md "Life cycle").
func ValidReasonCode(s string) bool {
	return s != "" && len(s) <= maxReasonCode && isReasonCode(s)
}
