package vts

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

// draft is a request before it is sent, to be made wrong on purpose.
type draft struct {
	request.Draft
	s      *suite
	base   string // before the path
	path   string // with its leading slash
	query  string // without the question mark
	signer *vts.Signer
	at     time.Time
	signed func(vts.Message) vts.Message // changes what is signed
}

// draft prepares a good request of the target's requestor.
func (s *suite) draft(op token.Operation, id string, body any) *draft {
	GinkgoHelper()
	route, ok := vts.RouteOf(op)
	Expect(ok).To(BeTrue(), "operation %s has no route", op)
	d := &draft{
		Draft: request.New(route.Method, body), s: s, base: strings.TrimSuffix(s.visa().URL, "/"), path: route.At(id),
		query: "apiKey=" + url.QueryEscape(s.visa().Signing.APIKey), at: s.cfg.Wall.Now(),
	}
	d.signWith(s.visa().Signing)
	d.Header.Set("Content-Type", "application/json")
	d.Header.Set(vts.HeaderRequestID, fmt.Sprintf("check-%016x", uint64(d.at.UnixNano())))
	return d
}

func (d *draft) signWith(pair harness.KeyPair) {
	GinkgoHelper()
	signer, err := vts.NewSigner(pair.Credential())
	Expect(err).NotTo(HaveOccurred())
	d.signer = signer
}

// Sign sets the x-pay-token for the draft as it is.
func (d *draft) Sign() {
	m := vts.Message{Path: strings.TrimPrefix(d.path, "/"), Query: d.query, Body: d.Body}
	if d.signed != nil {
		m = d.signed(m)
	}
	d.Header.Set(vts.HeaderPayToken, d.signer.Sign(d.at, m))
}

// Send sends the draft as it is.
func (d *draft) Send(ctx context.Context) harness.Answer {
	GinkgoHelper()
	target := d.base + d.path
	if d.query != "" {
		target += "?" + d.query
	}
	return d.SendTo(ctx, d.s.cfg.HTTP(), target)
}

// altered is a row of a table of bad requests.
type altered = request.Altered[*draft]

// reader is a good request that needs no token: reading an unknown one is
// refused only after the signature was judged.
func (s *suite) reader() *draft {
	GinkgoHelper()
	return s.draft(token.VisaGetToken, "00000000000000000000000000000000", nil)
}

// enroller is a good enrolment of a fresh card.
func (s *suite) enroller() *draft {
	GinkgoHelper()
	return s.draft(token.VisaEnroll, "", s.sealedEnrolment(s.cfg.FreshCard(token.Visa)))
}

// sealedEnrolment is an enrolment with everything filled in.
func (s *suite) sealedEnrolment(card harness.Card) vts.EnrollRequest {
	GinkgoHelper()
	return s.enrolmentOf(s.seal(instrument(card)))
}

func (s *suite) enrolmentOf(sealed string) vts.EnrollRequest {
	req := enrolRequest()
	req.ClientAppID, req.ClientWalletAccountID, req.EncPaymentInstrument = "pantomime-harness", string(s.visa().TRID), sealed
	return req
}

// seal encrypts a field as the requestor does.
func (s *suite) seal(v any) string {
	GinkgoHelper()
	sealed, err := s.client().Seal(v)
	Expect(err).NotTo(HaveOccurred())
	return sealed
}

// The envelopes of refusals (docs/wire/vts.md "Errors").

// gatewayShape is a failed authentication.
func gatewayShape(code string) harness.Shape {
	return harness.Shape{
		{Path: "responseStatus.status", Is: harness.NumberIs(http.StatusUnauthorized)},
		{Path: "responseStatus.code", Is: harness.Exactly(code)},
		{Path: "responseStatus.severity", Is: harness.Exactly("ERROR")},
		{Path: "responseStatus.message", Is: harness.Text},
		{Path: "responseStatus.info", Is: harness.Any},
		{Path: "errorResponse", Is: harness.Missing},
	}
}

// platformShape is the gateway's envelope where no code is public.
func platformShape(status int) harness.Shape {
	return harness.Shape{
		{Path: "responseStatus.status", Is: harness.NumberIs(status)},
		{Path: "responseStatus.severity", Is: harness.Exactly("ERROR")},
		{Path: "responseStatus.message", Is: harness.Text},
		{Path: "errorResponse", Is: harness.Missing},
	}
}

func refusalShape(status int, reason string) harness.Shape {
	return harness.Shape{
		{Path: "errorResponse.status", Is: harness.NumberIs(status)},
		{Path: "errorResponse.reason", Is: harness.Exactly(reason)},
		{Path: "errorResponse.message", Is: harness.Text},
		{Path: "responseStatus", Is: harness.Missing},
	}
}

// at is a refusal whose details name fields: each of them, or something below
// it.
func at(fields ...string) harness.Shape {
	return append(refusalShape(http.StatusBadRequest, "invalidParameter"), harness.Field{Path: "errorResponse.details", Is: func(v any) string {
		list, _ := v.([]any)
		var named []string
		for _, item := range list {
			if detail, ok := item.(map[string]any); ok {
				named = append(named, fmt.Sprint(detail["location"]))
			}
		}
		for _, field := range fields {
			if !names(named, field) {
				return "a detail whose location is " + field
			}
		}
		return ""
	}})
}

func names(locations []string, field string) bool {
	for _, l := range locations {
		if l == field || strings.HasPrefix(l, field+".") {
			return true
		}
	}
	return false
}
