package journal_test

import (
	"testing"
	"time"

	"github.com/pantomime-dev/pantomime/simulator/journal"
	"github.com/pantomime-dev/pantomime/token"
)

// BenchmarkAdd stores an exchange as large as an ordinary provisioning.
func BenchmarkAdd(b *testing.B) {
	wall := time.Date(2026, 3, 1, 9, 0, 0, 123456789, time.UTC)
	j := journal.New(1<<20, masks)
	d := &journal.Draft{
		About: journal.About{
			Sandbox: "default", Network: token.Visa, Op: token.VisaProvisionWithPAN, Requestor: "wallet", At: wall, Wall: wall, Took: 55 * time.Microsecond,
			Entity: "wallet/visa/0123456789abcdef0123456789abcdef", EntitySeq: 1, Tokens: []token.Ref{"0123456789abcdef0123456789abcdef"},
			Checks: token.Checks{{Name: "api key", OK: true, KeyID: "k"}, {Name: "x-pay-token", OK: true, KeyID: "k"}, {Name: "resource path", OK: true}},
		},
		Request: journal.Raw{
			Method: "POST", Path: "/vts/provisionedTokens", Query: "apiKey=ABCDEFGHIJKLMNOPQRSTUVWXYZ012345", Size: 700,
			Header: []journal.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "User-Agent", Value: "Go-http-client/1.1"}, {Name: "X-Pay-Token", Value: "x", Secret: true}},
			Body:   []byte(`{"clientAppID":"app","clientWalletAccountID":"cust42","clientDeviceID":"device","presentationType":["ECOM"],"protectionType":"CLOUD","panSource":"MANUALLYENTERED","encPaymentInstrument":"eyJhbGciOiJBMjU2R0NNS1ciLCJpdiI6IiIsInRhZyI6IiIsImVuYyI6IkEyNTZHQ00iLCJ0eXAiOiJKT1NFIiwia2lkIjoiQUJDIiwiY2hhbm5lbFNlY3VyaXR5Q29udGV4dCI6IlNIQVJFRF9TRUNSRVQiLCJpYXQiOiIxNzQwODE5NjAwIn0.aaaa.bbbb.cccc.dddd"}`),
			Clear:  []journal.RawPart{{Field: "encPaymentInstrument", Body: []byte(`{"accountNumber":"` + pan + `","cvv2":"123","expirationDate":{"month":"12","year":"2029"},"provider":{"clientAppID":"a"}}`)}},
		},
		Response: journal.Raw{
			Status: 201, Size: 900,
			Body: []byte(`{"vProvisionedTokenID":"0123456789abcdef0123456789abcdef","vPanEnrollmentID":"0123456789abcdef0123456789abcdef","paymentInstrument":{"last4":"0600","expirationDate":{"month":"12","year":"2029"},"paymentAccountReference":"V0010000000000000000000000000"},"tokenInfo":{"tokenStatus":"ACTIVE","tokenRequestorID":"40010000001","tokenReferenceID":"DNITHE000000000000000000000000","encTokenInfo":"eyJh.b.c.d.e","last4":"1234","expirationDate":{"month":"12","year":"2029"}},"cardMetaData":{"backgroundColor":"0x112233","foregroundColor":"0x112233","labelColor":"0x112233","contactWebsite":"https://example.com","contactEmail":"help@example.com","contactNumber":"555","contactName":"Bank","privacyPolicyURL":"https://example.com/p","bankAppName":"App","bankAppAddress":"https://example.com/a","termsAndConditionsURL":"https://example.com/t","shortDescription":"Short","longDescription":"Long","cardData":[{"guid":"0123456789abcdef0123456789abcdef","contentType":"cardSymbol","content":[{"mimeType":"image/png","width":"100","height":"100"}]}]}}`),
		},
	}
	b.ReportAllocs()
	for range b.N {
		j.Add(d)
	}
}
