package vts

import "strings"

// The field rules of step-up, device binding and attestation (docs/wire/vts.md
// "Step-up", "Devices and passkeys"). Of these calls little is public, so they
// demand only what the call would be without sense otherwise.

// Validate applies the rules of choosing a method.
func (r *StepUpMethodRequest) Validate() BadFields {
	return judge(append(
		[]rule{need("stepUpRequestID", r.StepUpRequestID, 64)},
		stepUpRules(r.Date, r.ClientReferenceID, r.ClientAppID)...,
	))
}

// Validate applies the rules of a one-time password, whose form is the issuer's.
func (r *ValidateOTPRequest) Validate() BadFields {
	return judge(append(
		[]rule{need("otpValue", string(r.OTPValue), 32)},
		stepUpRules(r.Date, r.ClientReferenceID, r.ClientAppID)...,
	))
}

// Validate applies the rules of an issuer app's code.
func (r *ValidateAuthCodeRequest) Validate() BadFields {
	return judge(append(
		[]rule{need("authCode", string(r.AuthCode), 4096)},
		stepUpRules(r.Date, r.ClientReferenceID, r.ClientAppID)...,
	))
}

func stepUpRules(date Text, reference, app string) []rule {
	return []rule{
		may("date", string(date), 0).as("Unix seconds", digitsOf(1, 15)),
		may("clientReferenceId", reference, 64),
		may("clientAppID", app, 36),
	}
}

// Validate applies the rules of device binding. Its reasonCode is judged by
// whoever reads the query.
func (r *DeviceBindingRequest) Validate() BadFields {
	bad := judge([]rule{
		may("clientReferenceID", r.ClientReferenceID, 64),
		may("clientAppID", r.ClientAppID, 36),
		need("platformType", r.PlatformType, 64),
		need("intent", r.Intent, 64),
		may("clientWalletAccountEmailAddressHash", r.EmailAddressHash, 64),
		may("encBillingInfo", r.EncBillingInfo, MaxJWE),
		may("encDeviceRiskDataInfo", r.EncDeviceRiskDataInfo, MaxJWE),
	})
	return append(append(bad, r.BrowserData.validate()...), r.SessionContext.validate()...)
}

func (b *BrowserData) validate() BadFields {
	if b == nil {
		return nil
	}
	const short = 64
	return judge([]rule{
		may("browserData.browserLanguage", string(b.Language), short),
		may("browserData.browserColorDepth", string(b.ColorDepth), short),
		may("browserData.browserScreenHeight", string(b.ScreenHeight), short),
		may("browserData.browserScreenWidth", string(b.ScreenWidth), short),
		may("browserData.browserTimeZone", string(b.TimeZone), short),
		may("browserData.userAgent", b.UserAgent, 2048),
		may("browserData.browserHeader", b.Header, 2048),
		may("browserData.ipAddress", b.IPAddress, short),
	})
}

func (s *SessionContext) validate() BadFields {
	if s == nil {
		return nil
	}
	return judge([]rule{may("sessionContext.secureToken", s.SecureToken, 8192)})
}

// attestReasons are the reason codes that go with each type.
var attestReasons = map[string]string{
	AttestRegister: ReasonCodeDeviceBinding, AttestAuthenticate: ReasonCodePayment,
}

// Validate applies the rules of attestation options.
func (r *AttestationRequest) Validate() BadFields {
	reason := need("reasonCode", r.ReasonCode, 0).oneOf(ReasonCodeDeviceBinding, ReasonCodePayment)
	if fits, known := attestReasons[r.Type]; known {
		reason = reason.as(fits+" for this type", func(s string) bool { return s == fits })
	}
	bad := judge([]rule{
		need("clientAppID", r.ClientAppID, 36),
		may("clientReferenceID", r.ClientReferenceID, 64),
		need("type", r.Type, 0).oneOf(AttestRegister, AttestAuthenticate),
		reason,
		may("encAuthenticationData", r.EncAuthenticationData, MaxJWE),
	})
	return append(append(append(bad, r.SessionContext.validate()...), r.BrowserData.validate()...), r.DynamicData.validate()...)
}

func (d *DynamicData) validate() BadFields {
	if d == nil {
		return nil
	}
	bad := judge([]rule{
		may("dynamicData.authenticationAmount", string(d.AuthenticationAmount), 24).as("an amount like 0.00", isAmount),
		may("dynamicData.currencyCode", string(d.CurrencyCode), 0).as("a currency of three digits", digitsOf(3, 3)),
	})
	if m := d.MerchantIdentifier; m != nil {
		const at, says = "dynamicData.merchantIdentifier.", "base64url"
		bad = append(bad, judge([]rule{
			may(at+"externalClientId", m.ExternalClientID, 1024).as(says, isBase64URL),
			may(at+"applicationUrl", m.ApplicationURL, 4096).as(says, isBase64URL),
			may(at+"merchantName", m.MerchantName, 1024).as(says, isBase64URL),
		})...)
	}
	return bad
}

// isAmount takes digits with at most one point among them.
func isAmount(s string) bool {
	whole, part, point := strings.Cut(s, ".")
	digits := digitsOf(1, 20)
	return digits(whole) && (!point || digits(part))
}

// isBase64URL takes padding too.
func isBase64URL(s string) bool {
	_, err := b64.DecodeString(strings.TrimRight(s, "="))
	return err == nil
}

// Validate applies the rules of the clear text of encBillingInfo.
func (b *BillingInfo) Validate() BadFields { return judge([]rule{may("email", b.Email, 256)}) }

// Validate applies the rules of the clear text of encAuthenticationData.
func (a *AuthenticationData) Validate() BadFields {
	return judge([]rule{may("consumerInfo.emailAddress", a.ConsumerInfo.EmailAddress, 256)})
}
