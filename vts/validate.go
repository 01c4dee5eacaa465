package vts

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// BadField is a field that breaks a rule. Why holds no value of the field.
type BadField struct {
	Location string // dotted when nested, as in details[].location
	Why      string // "is missing"
}

// BadFields are all bad fields of a message, in the order of its rules.
type BadFields []BadField

// Error lists fields and reasons.
func (b BadFields) Error() string {
	texts := make([]string, len(b))
	for i, field := range b {
		texts[i] = field.Location + " " + field.Why
	}
	return strings.Join(texts, "; ")
}

// Locations lists the fields.
func (b BadFields) Locations() []string {
	names := make([]string, len(b))
	for i, field := range b {
		names[i] = field.Location
	}
	return names
}

// Under puts a field's name before every location: the clear text of an
// encrypted field is reported under that field.
func (b BadFields) Under(field string) BadFields {
	out := slices.Clone(b)
	for i := range out {
		out[i].Location = field + "." + out[i].Location
	}
	return out
}

// And appends what is not named yet. Fields inside one that is named already
// are left out: of an object with the wrong type nothing inside was read.
func (b BadFields) And(more BadFields) BadFields {
	for _, field := range more {
		if !b.cover(field.Location) {
			b = append(b, field)
		}
	}
	return b
}

func (b BadFields) cover(location string) bool {
	return slices.ContainsFunc(b, func(f BadField) bool {
		return location == f.Location || strings.HasPrefix(location, f.Location+".")
	})
}

// policy tells all bad fields at once. Unknown ones are ignored, as the service
// is believed to do.
var policy = wire.Policy{Phases: [][]wire.Rule{{wire.Missing, wire.Length, wire.WrongForm, wire.Choice}}, All: true}

func judge(table *wire.Table, message any) (bad BadFields) {
	v, _ := table.Of(message)
	for _, b := range policy.Check(table.Fields, v) {
		bad = bad.And(BadFields{{b.Location(), why(b)}})
	}
	return bad
}

func why(b wire.Breach) string {
	switch b.Rule {
	case wire.Length:
		return "is longer than " + strconv.Itoa(b.Field.Most) + " characters"
	case wire.WrongForm:
		return "must be " + b.Field.Form.Words
	case wire.Choice:
		return "must be one of " + strings.Join(b.Field.Choices, ", ")
	}
	return "is missing"
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
func (r *EnrollRequest) Validate() BadFields { return judge(enrollTable, r) }

// Validate applies the rules of provision for an enrolment.
func (r *ProvisionRequest) Validate() BadFields { return judge(provisionTable, r) }

// Validate applies the rules of provision with PAN data.
func (r *ProvisionWithPANRequest) Validate() BadFields { return judge(provisionWithPANTable, r) }

// Validate applies the rules of get payment data.
func (r *PaymentDataRequest) Validate() BadFields { return judge(paymentDataTable, r) }

// Validate applies the rules of suspend, resume and delete.
func (r *LifecycleRequest) Validate() BadFields { return judge(lifecycleTable, r) }

// Validate applies the rules of choosing a method.
func (r *StepUpMethodRequest) Validate() BadFields { return judge(stepUpMethodTable, r) }

// Validate applies the rules of a one-time password.
func (r *ValidateOTPRequest) Validate() BadFields { return judge(validateOTPTable, r) }

// Validate applies the rules of an issuer app's code.
func (r *ValidateAuthCodeRequest) Validate() BadFields { return judge(validateAuthCodeTable, r) }

// Validate applies the rules of device binding.
func (r *DeviceBindingRequest) Validate() BadFields { return judge(deviceBindingTable, r) }

// Validate applies the rules of attestation options.
func (r *AttestationRequest) Validate() BadFields {
	if table, known := attestationTables[r.Type]; known {
		return judge(table, r)
	}
	return judge(attestationTable, r)
}

// Validate applies the rules of the clear text of encPaymentInstrument, those
// without the request.
func (p *PaymentInstrument) Validate() BadFields { return judge(instrumentTable, p) }

// ValidateFor applies the rules that depend on the request's panSource too.
func (p *PaymentInstrument) ValidateFor(panSource string) BadFields {
	bad := p.Validate()
	if panSource == SourceIssuerPush && p.Provider == nil {
		bad = append(bad, BadField{"provider", "is missing"})
	}
	return bad
}

// Validate applies the rules of the clear text of encBillingInfo.
func (b *BillingInfo) Validate() BadFields { return judge(billingTable, b) }

// Validate applies the rules of the clear text of encAuthenticationData.
func (a *AuthenticationData) Validate() BadFields { return judge(authenticationTable, a) }

// ValidReasonCode reports whether s has the form of a reason code: 1 to 40
// capital letters and underscores (docs/wire/vts.md "Life cycle").
func ValidReasonCode(s string) bool {
	return s != "" && len(s) <= maxReasonCode && isReasonCode(s)
}
