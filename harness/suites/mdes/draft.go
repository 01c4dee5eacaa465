package mdes

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// draft is a request before it is sent, to be made wrong on purpose.
type draft struct {
	request.Draft
	s      *suite
	url    string
	signer mdes.Signer
	signed signed
}

// signed is what the signature is made over, where it differs from what is
// sent.
type signed struct {
	method, url string
	body        func([]byte) []byte
}

// draft prepares a good request of the target's requestor; id is the asset's.
func (s *suite) draft(op token.Operation, id string, body any) *draft {
	GinkgoHelper()
	route, _ := mdes.RouteOf(op)
	d := &draft{
		Draft: request.New(route.Method, body), s: s, url: strings.TrimSuffix(s.mastercard().URL, "/") + route.At(s.env(), id),
		signer: mdes.Signer{ConsumerKey: mdes.ConsumerKey(s.mastercard().ConsumerKey), Key: s.keys().Signing, Wall: s.cfg.Wall},
	}
	if d.Method != http.MethodGet {
		d.Header.Set("Content-Type", "application/json")
	}
	return d
}

// Sign sets the Authorization header for the draft as it is.
func (d *draft) Sign() {
	GinkgoHelper()
	method, target, body := d.Method, d.url, d.Body
	if d.signed.method != "" {
		method = d.signed.method
	}
	if d.signed.url != "" {
		target = d.signed.url
	}
	if d.signed.body != nil {
		body = d.signed.body(body)
	}
	u, err := url.Parse(target)
	Expect(err).NotTo(HaveOccurred())
	header, err := d.signer.Header(method, u, body)
	Expect(err).NotTo(HaveOccurred())
	d.Header.Set("Authorization", header)
}

// param rewrites one parameter of the Authorization header; "" drops it.
func (d *draft) param(name, value string) {
	rest, _ := strings.CutPrefix(d.Header.Get("Authorization"), "OAuth ")
	var kept []string
	for _, pair := range strings.Split(rest, ",") {
		key, _, _ := strings.Cut(pair, "=")
		switch {
		case strings.TrimSpace(key) != name:
			kept = append(kept, pair)
		case value != "":
			kept = append(kept, name+`="`+value+`"`)
		}
	}
	d.Header.Set("Authorization", "OAuth "+strings.Join(kept, ","))
}

// Send sends the draft as it is.
func (d *draft) Send(ctx context.Context) harness.Answer {
	GinkgoHelper()
	return d.SendTo(ctx, d.s.cfg.HTTP(), d.url)
}

// altered is a row of a table of bad requests.
type altered = request.Altered[*draft]

// unknownRef is a well-formed reference that no token has.
const unknownRef = "DWSPMC000000000100000000000000000000000000000000"

// reader is a good request that needs no token: an unknown one is refused only
// after the signature was judged.
func (s *suite) reader() *draft {
	GinkgoHelper()
	return s.draft(token.MCGetToken, "", s.goodBody(token.MCGetToken, unknownRef))
}

// tokenizer is a good tokenize of a fresh card.
func (s *suite) tokenizer() *draft {
	GinkgoHelper()
	return s.draft(token.MCTokenize, "", s.goodBody(token.MCTokenize, ""))
}

// goodBody is a body that an operation would take. What is to be sealed is
// sealed again; ref is the token that it is about.
func (s *suite) goodBody(op token.Operation, ref token.Ref) any {
	GinkgoHelper()
	id := mdes.LooseString(fresh("req"))
	switch op {
	case token.MCTokenize:
		return s.tokenizeBody(s.sealed(funding(s.cfg.FreshCard(token.Mastercard))))
	case token.MCTransact:
		return mdes.TransactRequest{RequestID: id, TokenUniqueReference: string(ref), DSRPType: "UCAF", UnpredictableNumber: "23424563"}
	case token.MCGetTaskStatus:
		return mdes.TaskStatusRequest{RequestID: id, TokenRequestorID: string(s.mastercard().TRID), TaskID: "task-nobody-used"}
	case token.MCGetToken:
		return mdes.GetTokenRequest{RequestID: id, TokenUniqueReference: string(ref)}
	case token.MCSearchTokens:
		card := funding(s.cfg.FreshCard(token.Mastercard)).CardAccountData
		card.SecurityCode = ""
		return mdes.SearchTokensRequest{
			RequestID: id, TokenRequestorID: string(s.mastercard().TRID),
			FundingAccountInfo: mdes.FundingAccountInfo{EncryptedPayload: s.sealed(mdes.FundingAccountData{CardAccountData: card})},
		}
	case token.MCSuspend, token.MCUnsuspend, token.MCDelete:
		body := lifecycle(ref)
		body.RequestID = id
		return body
	}
	return nil
}

// sealed seals to the network as the requestor does.
func (s *suite) sealed(v any) *mdes.EncryptedPayload {
	GinkgoHelper()
	payload, err := s.sealer().SealJSON(v)
	Expect(err).NotTo(HaveOccurred())
	return &payload
}

func (s *suite) tokenizeBody(payload *mdes.EncryptedPayload) mdes.TokenizeRequest {
	req := tokenizeRequest()
	req.RequestID, req.TokenType, req.TokenRequestorID = mdes.LooseString(fresh("req")), "CLOUD", string(s.mastercard().TRID)
	req.ResponseHost = s.mastercard().ResponseHost
	req.FundingAccountInfo.EncryptedPayload = payload
	return req
}

// The forms of refusals (docs/wire/mdes.md "Errors").

// errorStatuses are the statuses that an error of the service may have: what the
// target file says of its code, then of all.
func (s *suite) errorStatuses(code mdes.ReasonCode, more ...int) []int {
	m := s.mastercard()
	return append([]int{cmp.Or(m.ErrorStatuses[string(code)], m.ErrorStatus, http.StatusOK)}, more...)
}

// codeOf is the code of an error of the service, "" of any other answer.
func codeOf(a harness.Answer) mdes.ReasonCode {
	var body struct {
		ErrorCode string `json:"errorCode"`
	}
	_ = json.Unmarshal(a.Body, &body) // an answer that is none has no code
	return mdes.ReasonCode(body.ErrorCode)
}

// errorShape is the service's own form: lower-case names, code and text twice.
func errorShape(code mdes.ReasonCode) harness.Shape {
	return harness.Shape{
		{Path: "errorCode", Is: harness.Exactly(string(code))},
		{Path: "errorDescription", Is: harness.Text},
		{Path: "errors", Is: harness.ListOf(1)},
		{Path: "errors[].source", Is: harness.OneOf("INPUT", "MDES")},
		{Path: "errors[].reasonCode", Is: harness.Exactly(string(code))},
		{Path: "errors[].description", Is: harness.Text},
		{Path: "responseId?", Is: harness.Text},
		{Path: "Errors", Is: harness.Missing},
	}
}

// gatewayShape is the form of the gateway in front: capitals.
func gatewayShape(reason harness.Rule) harness.Shape {
	return harness.Shape{
		{Path: "Errors.Error", Is: harness.ListOf(1)},
		{Path: "Errors.Error[].Source", Is: harness.Exactly("Gateway")},
		{Path: "Errors.Error[].ReasonCode", Is: reason},
		{Path: "Errors.Error[].Description", Is: harness.Text},
		{Path: "Errors.Error[].Recoverable", Is: harness.Bool},
		{Path: "errorCode", Is: harness.Missing},
	}
}

// mustRefuse expects an error of the service with one of the codes.
func (s *suite) mustRefuse(a harness.Answer, codes ...mdes.ReasonCode) {
	GinkgoHelper()
	code := codes[0]
	if len(codes) > 1 {
		code = codeOf(a)
		Expect(codes).To(ContainElement(code), harness.Redact(a.Body))
	}
	a.MustBeOneOf(s.errorStatuses(code), errorShape(code))
}

// refusedSomehow expects any refusal: a status that blames the client, or an
// error of the service with its own status.
func (s *suite) refusedSomehow(a harness.Answer, complaint string) {
	GinkgoHelper()
	if a.Status >= http.StatusBadRequest && a.Status < http.StatusInternalServerError {
		return
	}
	Expect(s.errorStatuses(codeOf(a))).To(ContainElement(a.Status), complaint)
	harness.Shape{{Path: "errorCode", Is: harness.Text}}.MustHold(a.Body, complaint)
}

// second moves the signed timestamp by one second, which no clock would mind.
func (d *draft) second() {
	_, rest, _ := strings.Cut(d.Header.Get("Authorization"), `oauth_timestamp="`)
	digits, _, _ := strings.Cut(rest, `"`)
	at, _ := strconv.ParseInt(digits, 10, 64)
	d.param("oauth_timestamp", strconv.FormatInt(at+1, 10))
}
