package token

import "slices"

// reasons are the wire's own reasons that public material shows, in addition to the
// documented keys, as the networks spell them (docs/wire/vts.md "Errors",
// docs/wire/mdes.md "Errors").
var reasons = map[Network][]string{
	Visa: {
		"invalidParameter", "invalidParameters", "invalidRequest", "incompleteRequest", "inputValidationError", "AuthError",
		"tokenUsageViolation", "cardVerificationFailed", "cardNotEligible", "cardNotAllowed", "declined", "notAllowed",
		"provisionDataExpired", "notReady", "serviceError", "systemError", "trConfigIssue",
	},
	Mastercard: {
		"INVALID_JSON", "UNRECOGNIZED_FIELD", "MISSING_REQUIRED_FIELD", "INVALID_FIELD_FORMAT", "INVALID_FIELD_LENGTH", "INVALID_FIELD_VALUE",
		"INVALID_RESPONSE_HOST", "INVALID_METHOD", "AUTHORIZATION_FAILED", "CRYPTOGRAPHY_ERROR", "INTERNAL_SERVICE_FAILURE",
		"NO_RESPONSE_FROM_ISSUER", "INVALID_PAN", "MISSING_EXPIRY_DATE", "DUPLICATE_REQUEST", "PROVISION_FAILED", "PAN_INELIGIBLE",
		"PAN_PROVISIONING_COUNT_EXCEEDED", "INVALID_TASK_ID", "INVALID_TOKEN_UNIQUE_REFERENCE", "INVALID_PAN_UNIQUE_REFERENCE",
		"INVALID_TOKEN_STATUS", "INVALID_WORKFLOW", "NO_ACTIVE_TOKENS", "INCORRECT_TAV",
	},
}

// Reasons lists the raw reasons that are known of a network.
func Reasons(n Network) []string { return slices.Clone(reasons[n]) }
