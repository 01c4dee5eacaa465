package vts

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/token"
)

// The tables of field rules (docs/wire/vts.md "Provisioning", "Payment data",
// "Life cycle"). They demand no more than Visa's published client sends, and
// close a list of values only where public material shows the list.

// Validate applies the rules of enrol PAN.
func (r *EnrollRequest) Validate() BadFields {
	return judge([]rule{
		need("clientAppID", r.ClientAppID, 36),
		need("clientWalletAccountID", r.ClientWalletAccountID, 64),
		localeRule(r.Locale),
		sourceRule(r.PANSource),
		may("consumerEntryMode", r.ConsumerEntryMode, 64),
		may("clientDeviceID", r.ClientDeviceID, 48),
		may("platformType", r.PlatformType, 64),
		need("encPaymentInstrument", r.EncPaymentInstrument, MaxJWE),
	})
}

func localeRule(locale string) rule {
	return need("locale", locale, 0).as("a language and a country like en_US", isLocale)
}

func sourceRule(source string) rule {
	return need("panSource", source, 0).oneOf(SourceManual, SourceOnFile, SourceIssuerPush, SourceToken)
}

// Validate applies the rules of provision for an enrolment. The list of
// presentation types includes those of phone wallets: whether such a token is
// offered is the server's decision, not a matter of form.
func (r *ProvisionRequest) Validate() BadFields {
	return append(judge([]rule{
		need("clientAppID", r.ClientAppID, 36),
		may("clientWalletAccountID", r.ClientWalletAccountID, 64),
		need("protectionType", r.ProtectionType, 64),
		may("accountType", r.AccountType, 64),
		may("clientWalletAccountEmailAddress", r.EmailAddress, 256),
		may("clientWalletAccountEmailAddressHash", r.EmailAddressHash, 64),
		may("email", r.ShortEmail, 256),
		may("emailHash", r.ShortEmailHash, 64),
		may("clientDeviceID", r.ClientDeviceID, 48),
		may("ip4address", r.IP4Address, 0).as("a dotted IPv4 address", isIPv4),
		may("location", r.Location, 32).as("latitude/longitude in degrees", isLocation),
		may("locationSource", r.LocationSource, 64),
		may("encRiskDataInfo", r.EncRiskDataInfo, MaxJWE),
		may("platformType", r.PlatformType, 64),
	}), append(presentationRule(r.PresentationType), r.TermsAndConditions.validate()...)...)
}

func presentationRule(types []string) (bad BadFields) {
	if len(types) == 0 {
		return BadFields{{"presentationType", "is missing"}}
	}
	for _, t := range types {
		bad = bad.And(judge([]rule{
			need("presentationType", t, 0).oneOf(PresentationECOM, PresentationAIAgent, "NFC-HCE", "MST", "INAPP"),
		}))
	}
	return bad
}

func (t *TermsAndConditions) validate() BadFields {
	if t == nil {
		return nil
	}
	return judge([]rule{
		need("termsAndConditions.id", t.ID, 64),
		may("termsAndConditions.date", string(t.Date), 0).as("Unix seconds", digitsOf(1, 15)),
	})
}

// Validate applies the rules of provision with PAN data: those of enrol and of
// provision, the wallet account now required.
func (r *ProvisionWithPANRequest) Validate() BadFields {
	return judge([]rule{
		need("clientAppID", r.ClientAppID, 36),
		need("clientWalletAccountID", r.ClientWalletAccountID, 64),
		localeRule(r.Locale),
		sourceRule(r.PANSource),
		may("consumerEntryMode", r.ConsumerEntryMode, 64),
		need("encPaymentInstrument", r.EncPaymentInstrument, MaxJWE),
		may("issuerAuthCode", r.IssuerAuthCode, 8192),
	}).And(r.ProvisionRequest.Validate())
}

// Validate applies the rules of get payment data. cryptogramType is free: its
// values are not public.
func (r *PaymentDataRequest) Validate() BadFields {
	return judge([]rule{
		need("clientPaymentDataID", r.ClientPaymentDataID, 36),
		need("paymentRequest.transactionType", r.PaymentRequest.TransactionType, 0).oneOf(TransactionECOM, TransactionAFT),
		may("clientAppID", r.ClientAppID, 36),
		may("atc", string(r.ATC), 0).as("a number from 0 to 65535", isATC),
		may("cryptogramType", r.CryptogramType, 32),
	})
}

// Validate applies the rules of suspend, resume and delete. Two reason codes
// are public and others exist, so any of their form is taken.
func (r *LifecycleRequest) Validate() BadFields {
	return judge([]rule{
		need("updateReason.reasonCode", r.UpdateReason.ReasonCode, 40).as("capital letters and underscores", isReasonCode),
		may("updateReason.reasonDesc", r.UpdateReason.ReasonDesc, 256),
	})
}

// Validate applies the rules of the clear text of encPaymentInstrument. Whether
// the number's check digit holds is for the network to say. A provider is
// demanded by ValidateFor.
func (p *PaymentInstrument) Validate() BadFields {
	bad := judge([]rule{
		need("accountNumber", p.AccountNumber, 0).as("13 to 19 digits", digitsOf(13, 19)),
		may("cvv2", p.CVV2, 0).as("3 or 4 digits", digitsOf(3, 4)),
		may("name", p.Name, 256),
	})
	return append(append(append(bad, p.ExpirationDate.validate()...), p.BillingAddress.validate()...), p.Provider.validate()...)
}

// ValidateFor applies the rules that depend on the request's panSource too.
func (p *PaymentInstrument) ValidateFor(panSource string) BadFields {
	bad := p.Validate()
	if panSource == SourceIssuerPush && p.Provider == nil {
		bad = append(bad, BadField{"provider", "is missing"})
	}
	return bad
}

func (d *ExpirationDate) validate() BadFields {
	if d == nil {
		return nil
	}
	return judge([]rule{
		need("expirationDate.month", string(d.Month), 0).as("01 to 12", isMonth),
		need("expirationDate.year", string(d.Year), 0).as("four digits", digitsOf(4, 4)),
	})
}

// isMonth takes one digit too: a client that sends numbers cannot send 07.
func isMonth(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && token.Digits(s) && len(s) <= 2 && n >= 1 && n <= 12
}

func (a *BillingAddress) validate() BadFields {
	if a == nil {
		return nil
	}
	return judge([]rule{
		may("billingAddress.line1", a.Line1, 256),
		may("billingAddress.line2", a.Line2, 256),
		may("billingAddress.city", a.City, 128),
		may("billingAddress.state", a.State, 64),
		may("billingAddress.country", a.Country, 0).as("a country code of two or three capital letters", isCountry),
		may("billingAddress.zip", a.Zip, 32),
		may("billingAddress.postalCode", a.PostalCode, 32),
	})
}

func isCountry(s string) bool { return (len(s) == 2 || len(s) == 3) && letters(s, 'A') }

func (p *Provider) validate() BadFields {
	if p == nil {
		return nil
	}
	return judge([]rule{
		may("provider.intent", p.Intent, 64),
		may("provider.clientWalletProvider", p.ClientWalletProvider, 50).as("letters, digits, - and _", isWallet),
		may("provider.clientWalletAccountID", p.ClientWalletAccountID, 64),
		may("provider.clientDeviceID", p.ClientDeviceID, 48),
		may("provider.clientAppID", p.ClientAppID, 36),
	})
}
