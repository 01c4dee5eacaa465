package openapi_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pantomime-dev/pantomime/fixtures/golden"
)

// goldenSchemas says which schema each golden body is an instance of. It is
// written by hand: a body or a schema that is renamed must be looked at.
var goldenSchemas = map[string]string{
	"visa/card-metadata-response":         "CardMetadataAnswer",
	"visa/content-response":               "ContentAnswer",
	"visa/delete-request":                 "LifecycleRequest",
	"visa/empty-response":                 "Empty",
	"visa/enroll-request":                 "EnrollRequest",
	"visa/enroll-response":                "EnrollAnswer",
	"visa/error-authentication":           "GatewayError",
	"visa/error-card-not-eligible":        "ServiceError",
	"visa/error-invalid-parameter":        "ServiceError",
	"visa/get-token-response":             "TokenAnswer",
	"visa/get-token-response-deleted":     "TokenAnswer",
	"visa/notice-pan-metadata":            "PanNotice",
	"visa/notice-token":                   "TokenNotice",
	"visa/payment-data-request":           "PaymentDataRequest",
	"visa/payment-data-response":          "PaymentDataAnswer",
	"visa/payment-instrument":             "PaymentInstrument",
	"visa/provision-pan-request":          "ProvisionWithPanRequest",
	"visa/provision-pan-request-smallest": "ProvisionWithPanRequest",
	"visa/provision-pan-response":         "ProvisionWithPanAnswer",
	"visa/provision-request":              "ProvisionRequest",
	"visa/provision-response":             "ProvisionAnswer",
	"visa/provision-response-step-up":     "ProvisionAnswer",
	"visa/resume-request":                 "LifecycleRequest",
	"visa/risk-data":                      "RiskData",
	"visa/suspend-request":                "LifecycleRequest",
	"visa/token":                          "TokenNumber",

	"mastercard/delete-request":                 "DeleteRequest",
	"mastercard/delete-response":                "DeleteAnswer",
	"mastercard/error-gateway":                  "GatewayError",
	"mastercard/error-internal-service-failure": "ApplicationError",
	"mastercard/error-missing-required-field":   "ApplicationError",
	"mastercard/error-pan-ineligible":           "TokenizeError",
	"mastercard/funding-account":                "FundingAccountData",
	"mastercard/funding-account-search":         "SearchedAccountData",
	"mastercard/get-asset-response":             "AssetAnswer",
	"mastercard/get-task-status-request":        "TaskStatusRequest",
	"mastercard/get-task-status-response":       "TaskStatusAnswer",
	"mastercard/get-token-request":              "GetTokenRequest",
	"mastercard/get-token-response":             "GetTokenAnswer",
	"mastercard/notice-activated":               "NoticeTokens",
	"mastercard/notice-deleted":                 "NoticeTokens",
	"mastercard/notice-pan-updated":             "NoticeTokens",
	"mastercard/notice-product-updated":         "NoticeTokens",
	"mastercard/notice-request":                 "Notice",
	"mastercard/notice-response":                "NoticeReply",
	"mastercard/notice-resumed":                 "NoticeTokens",
	"mastercard/notice-suspended":               "NoticeTokens",
	"mastercard/search-tokens-request":          "SearchTokensRequest",
	"mastercard/search-tokens-response":         "SearchTokensAnswer",
	"mastercard/suspend-request":                "SuspendRequest",
	"mastercard/suspend-response":               "SuspendAnswer",
	"mastercard/token-detail":                   "TokenDetailData",
	"mastercard/tokenize-request":               "TokenizeRequest",
	"mastercard/tokenize-response":              "TokenizeApproved",
	"mastercard/tokenize-response-declined":     "TokenizeDeclined",
	"mastercard/transact-data":                  "TransactData",
	"mastercard/transact-request":               "TransactRequest",
	"mastercard/transact-response":              "TransactAnswer",
	"mastercard/unsuspend-request":              "UnsuspendRequest",
	"mastercard/unsuspend-response":             "UnsuspendAnswer",
}

// Every golden body fits its schema, with no member that the schema lacks.
func TestDescriptions_GoldenBodiesFit(t *testing.T) {
	docs := map[string]*openapi3.T{"visa": closed(t, descriptions["vts.yaml"]()), "mastercard": closed(t, descriptions["mdes.yaml"]())}
	for _, name := range golden.Names() {
		schema, ok := goldenSchemas[name]
		if !ok {
			t.Errorf("say which schema %s is an instance of", name)
			continue
		}
		body, err := golden.Body(name)
		if err != nil {
			t.Fatal(err)
		}
		network, _, _ := strings.Cut(name, "/")
		if err := check(component(t, docs[network], schema), body); err != nil {
			t.Errorf("%s is no %s: %s", name, schema, short(err))
		}
		more, isObject := strings.CutPrefix(string(body), "{")
		if isObject && check(component(t, docs[network], schema), []byte(`{"unheardOf":1,`+more)) == nil {
			t.Errorf("%s takes an undescribed member", schema)
		}
	}
	for name := range goldenSchemas {
		if !slices.Contains(golden.Names(), name) {
			t.Errorf("there is no golden body %s", name)
		}
	}
}
