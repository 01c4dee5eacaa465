package mdes

import (
	"bytes"
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

func (s *suite) reading() {
	harness.Feature("reading", "Operations", func() {
		harness.Check("M-READ-01", harness.Documented, "reports a token's state, product and info", s.tokenShape)
		harness.Check("M-READ-02", harness.Documented, "adds the sealed token number when asked for it", s.tokenDetail)
		harness.Check("M-READ-03", harness.Documented, "leaves the detail out when it is not asked for", s.withoutDetail)
		harness.Check("M-READ-04", harness.Documented, "reports a deactivated token too", s.readsDeactivated)
		harness.Check("M-READ-05", harness.Documented, "lists suspendedBy only while the token is suspended", s.suspendedByOnlyThen)
		harness.Check("M-READ-06", harness.Documented, "serves the assets that productConfig names", s.assets)
		harness.Check("M-READ-07", harness.Observed, "echoes nothing of the card's number but prefix and suffix", s.tellsNoNumber)
	})
}

func (s *suite) getToken(ctx SpecContext, t tokenized, detail string) harness.Answer {
	GinkgoHelper()
	d := s.draft(token.MCGetToken, "", mdes.GetTokenRequest{
		RequestID: mdes.LooseString(fresh("req")), TokenUniqueReference: string(t.ref), IncludeTokenDetail: detail,
	})
	d.Sign()
	return d.Send(ctx)
}

func (s *suite) tokenShape(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.getToken(ctx, t, "").MustBe(http.StatusOK, tokenShape(t, string(s.mastercard().TRID), "ACTIVE"))
}

func (s *suite) tokenDetail(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.getToken(ctx, t, "true").MustBe(http.StatusOK, slices.Concat(
		tokenShape(t, string(s.mastercard().TRID), "ACTIVE"), sealedShape("tokenDetail"),
		harness.Shape{{Path: "tokenDetail.tokenUniqueReference", Is: harness.Exactly(string(t.ref))}},
	))
	answer, err := s.client().GetToken(ctx, t.ref, true)
	Expect(err).NotTo(HaveOccurred())
	data := harness.Given(answer.Clear, "tokenDetail with something sealed in it")
	harness.SameSecret(data.TokenNumber, t.clear().TokenNumber, "the token number differs from tokenize's")
	Expect(data.ExpiryMonth + data.ExpiryYear).To(Equal(t.info().TokenExpiry))
}

// thisToken is an answer about a token and no other.
func thisToken(t tokenized) harness.Shape {
	return harness.Shape{{Path: "token.tokenUniqueReference", Is: harness.Exactly(string(t.ref))}}
}

func (s *suite) withoutDetail(ctx SpecContext) {
	t := s.tokenize(ctx)
	for _, detail := range []string{"", "false"} {
		s.getToken(ctx, t, detail).MustBe(http.StatusOK, append(thisToken(t), harness.Field{Path: "tokenDetail", Is: harness.Missing}))
	}
}

func (s *suite) readsDeactivated(ctx SpecContext) {
	t := s.tokenize(ctx)
	_, err := s.client().Delete(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	Expect(s.status(ctx, t.ref)).To(Equal(mdes.StatusDeactivated))
}

func (s *suite) suspendedByOnlyThen(ctx SpecContext) {
	t := s.tokenize(ctx)
	s.getToken(ctx, t, "").MustBe(http.StatusOK, append(thisToken(t), harness.Field{Path: "token.suspendedBy", Is: harness.Missing}))
	_, err := s.client().Suspend(ctx, lifecycle(t.ref))
	Expect(err).NotTo(HaveOccurred())
	s.getToken(ctx, t, "").MustBe(http.StatusOK, harness.Shape{
		{Path: "token.status", Is: harness.Exactly("SUSPENDED")}, {Path: "token.suspendedBy", Is: harness.ListOf(1)},
	})
}

func (s *suite) assets(ctx SpecContext) {
	p := s.tokenize(ctx).product()
	for _, id := range []string{p.BrandLogoAssetID, p.IssuerLogoAssetID, p.CardBackgroundCombinedAssetID, p.IconAssetID} {
		if id != "" {
			s.asset(ctx, id)
		}
	}
}

func (s *suite) asset(ctx SpecContext, id string) {
	GinkgoHelper()
	d := s.draft(token.MCGetAsset, id, nil)
	d.Sign()
	answer := d.Send(ctx)
	answer.MustBe(http.StatusOK, harness.Shape{
		{Path: "mediaContents", Is: harness.ListOf(1)},
		{Path: "mediaContents[].type", Is: harness.Text},
		{Path: "mediaContents[].data", Is: harness.Matching("[A-Za-z0-9+/]+={0,2}", "standard base64")},
	})
	var got mdes.AssetResponse
	answer.Read(&got)
	for _, media := range got.MediaContents {
		if media.Type == "image/png" {
			harness.MustBePNG(media.Data, string(media.Width), string(media.Height))
		}
	}
}

func (s *suite) tellsNoNumber(ctx SpecContext) {
	t := s.tokenize(ctx)
	answer := s.getToken(ctx, t, "true")
	answer.MustBe(http.StatusOK, thisToken(t))
	Expect(bytes.Contains(answer.Body, []byte(t.card.Digits()))).To(BeFalse(), "the answer holds the card number")
}
