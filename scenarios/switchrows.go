package scenarios

import (
	"time"

	"github.com/pantomime-dev/pantomime/token"
)

// visaSwitches answer what is open about the Visa wire (docs/wire/vts.md "Not
// public" and the sections it points to).
var visaSwitches = []switchRow[VisaSwitches]{
	switched("create-status", oneStatus(201, 200), "HTTP status of enrolling and provisioning; clients are known to take both",
		func(s *VisaSwitches) *int { return &s.CreateStatus }),
	switched("old-pay-token", flagKind, "whether the older `x:` form of `x-pay-token` is taken next to `xv2:`; whether VTS still does is not public",
		func(s *VisaSwitches) *bool { return &s.OldPayToken }),
	switched("replay-cache", flagKind, "whether an `x-pay-token` can be used once only, as one answer of Visa's support says; never on GET, where two honest requests of one second are the same",
		func(s *VisaSwitches) *bool { return &s.ReplayCache }),
	switched("key-use", flagKind, "whether each key serves only what the requestor's `keys`, `further-keys` and `encryption` say, or any key of the requestor signs and opens fields; not public",
		func(s *VisaSwitches) *bool { return &s.KeyUse }),
	switched("repeat", oneWord(RepeatSame, RepeatNew), "what provisioning a card again gives: its live token, or another one; not public",
		func(s *VisaSwitches) *Repeat { return &s.Repeat }),
	switched("resume-issuers", flagKind, "whether a requestor can lift a suspension by the issuer; commonly not",
		func(s *VisaSwitches) *bool { return &s.ResumeIssuers }),
	switched("redundant", redundantKind, "which moves that change nothing succeed all the same: none, suspending again what the same party suspended, or that, resuming what is active and deleting what is deleted too; not public",
		func(s *VisaSwitches) *Redundant { return &s.Redundant }),
	switched("sign-notices", flagKind, "whether notices carry an `x-pay-token`; a key type for calls by Visa hints at it, the one receiver known does not look",
		func(s *VisaSwitches) *bool { return &s.SignNotices }),
	switched("dynamic-cvv", flagKind, "whether `cryptogramType: DTVV` gives a code of three digits; the wire form is our guess",
		func(s *VisaSwitches) *bool { return &s.DynamicCVV }),
	switched("any-reason-code", flagKind, "whether life-cycle calls take any reason code in capital letters, or just the two that are known, `CUSTOMER_CONFIRMED` and `FRAUD`",
		func(s *VisaSwitches) *bool { return &s.AnyReasonCode }),
	switched("step-up-otp", aSecretCode, "the one-time password that succeeds; that of Visa's samples",
		func(s *VisaSwitches) *string { return &s.StepUpOTP }),
	switched("step-up-attempts", wholeKind(1, 100), "how many wrong codes end a method; a number of our own",
		func(s *VisaSwitches) *int { return &s.StepUpAttempts }),
	switched("step-up-selections", wholeKind(1, 100), "how often a method can be chosen; a number of our own",
		func(s *VisaSwitches) *int { return &s.StepUpSelection }),
	switched("wrong-code", oneWord("invalidParameters", "notAllowed"), "the reason for a wrong or late one-time password, with status 400 or 409; both have been seen",
		func(s *VisaSwitches) *string { return &s.WrongCode }),
}

// mastercardSwitches answer what is open about the MDES wire (docs/wire/mdes.md
// "Not public" and the sections it points to).
var mastercardSwitches = []switchRow[MastercardSwitches]{
	switched("error-status", errorStatus, "HTTP status of application errors; clients have seen 200, the specifications print 500 and `default`",
		func(s *MastercardSwitches) *int { return &s.ErrorStatus }),
	switched("error-statuses", errorSpecial, "the same for single codes of the wire: `{ INVALID_PAN: 400 }`",
		func(s *MastercardSwitches) *map[token.Key]int { return &s.ErrorStatuses }),
	switched("signature-status", oneStatus(401, 403), "HTTP status when the signature does not verify; the specification has 401, a user reports 403",
		func(s *MastercardSwitches) *int { return &s.SignatureStatus }),
	switched("parameter-status", oneStatus(400, 401), "HTTP status when the body hash or a parameter of the signature is wrong; not public",
		func(s *MastercardSwitches) *int { return &s.ParameterStatus }),
	switched("oauth-forms", oneWord("all", "mastercard", "rfc"), "which base strings are taken: those that Mastercard's gateway is not known to refuse, the one of RFC 5849, or all that clients are known to build",
		func(s *MastercardSwitches) *string { return &s.OAuthForms }),
	switched("forwarded-urls", flagKind, "whether a signature may cover the URL that forwarding headers tell of, or https in place of http; the gateway ends TLS itself",
		func(s *MastercardSwitches) *bool { return &s.ForwardedURLs }),
	switched("oauth-header-exact", flagKind, "whether each value of the `Authorization` header must stand in double quotes and the signature in percent-encoding, as Mastercard's libraries write them; a user saw the gateway refuse a signature that was not encoded",
		func(s *MastercardSwitches) *bool { return &s.ExactHeader }),
	switched("timestamp-window", spanKind("a duration of at most 1d", day), "how far `oauth_timestamp` may lie from wall time, both ways; `0` is any distance. Not public",
		func(s *MastercardSwitches) *time.Duration { return &s.TimestampWindow }),
	switched("nonce-memory", flagKind, "whether an `oauth_nonce` can be used once only with its key and timestamp; not public",
		func(s *MastercardSwitches) *bool { return &s.NonceMemory }),
	switched("repeat", oneWord(RepeatNew, RepeatSame, RepeatDuplicate), "what tokenizing a card again gives: another token, its live one, or `DUPLICATE_REQUEST`; not public",
		func(s *MastercardSwitches) *Repeat { return &s.Repeat }),
	switched("redundant", redundantKind, "which moves that change nothing succeed all the same: none, suspending again what the same party suspended, or that, lifting what is active and deleting what is deleted too; not public",
		func(s *MastercardSwitches) *Redundant { return &s.Redundant }),
	switched("empty-search", oneWord("list", "NO_ACTIVE_TOKENS"), "what `searchTokens` answers when there is nothing: an empty list, or the error of that name, which is in the list of codes",
		func(s *MastercardSwitches) *string { return &s.EmptySearch }),
	switched("caused-by-suspends", flagKind, "whether `causedBy` says who suspends, as the specification's sample has it, or it is always `TOKEN_REQUESTOR`, as another description says of card-on-file tokens",
		func(s *MastercardSwitches) *bool { return &s.CausedBySuspends }),
	switched("single-reference", flagKind, "whether a single text is taken where a list of references belongs; the portal once showed that",
		func(s *MastercardSwitches) *bool { return &s.SingleReference }),
	switched("unknown-members", flagKind, "whether members that an operation does not have are ignored, or answered `UNRECOGNIZED_FIELD`",
		func(s *MastercardSwitches) *bool { return &s.UnknownMembers }),
	switched("activation-notices", flagKind, "whether activations are told; since June 2025 a requestor can have them suppressed",
		func(s *MastercardSwitches) *bool { return &s.ActivationNotices }),
	switched("clear-notices", flagKind, "whether notices carry `tokens` in the clear; a release note speaks of customers with encrypted ones, so there were others",
		func(s *MastercardSwitches) *bool { return &s.ClearNotices }),
	switched("notice-token-number", flagKind, "whether a notice shows a changed token number, as since January 2025",
		func(s *MastercardSwitches) *bool { return &s.NoticeTokenNumber }),
	switched("digest", oneWord("SHA512", "SHA256"), "digest of the key wrap in what we send; requests say theirs themselves",
		func(s *MastercardSwitches) *string { return &s.Digest }),
	switched("fingerprint", oneWord("key-sha256", "cert-sha256", "cert-sha1"), "how we name the requestor's key in field-level payloads we send, JWE always having `key-sha256`; in requests all three are taken",
		func(s *MastercardSwitches) *string { return &s.Fingerprint }),
	switched("jwe", flagKind, "whether a request in the JWE form of Mastercard's libraries is opened, and answered in it; nothing public says that MDES does",
		func(s *MastercardSwitches) *bool { return &s.JWE }),
	switched("digital-assets", flagKind, "whether `getDigitalAssets` is served, which left the specification after 1.2.9",
		func(s *MastercardSwitches) *bool { return &s.DigitalAssets }),
}
