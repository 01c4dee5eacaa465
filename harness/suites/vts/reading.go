package vts

import (
	"net/http"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/vts"
)

func (s *suite) reading() {
	harness.Feature("reading", "Provisioning", func() {
		harness.Check("V-READ-01", harness.Observed, "reports a token's state and expiry", s.tokenShape)
		harness.Check("V-READ-02", harness.Observed, "reports an enrolment's card and metadata", s.metadata)
		harness.Check("V-READ-03", harness.Observed, "serves card art that is the picture it claims to be", s.art)
		harness.Check("V-READ-04", harness.Observed, "serves the terms and conditions that metadata names", s.terms)
		harness.Check("V-READ-05", harness.Assumed, "reports a deleted token as deleted", s.readsDeleted)
		harness.Check("V-READ-06", harness.Observed, "refuses to show another requestor's token", s.refusesForeignRead, harness.BadInput)
		harness.Check("V-READ-07", harness.Assumed, "takes platformType next to the key", s.readsForPlatform)
	})
}

func (s *suite) tokenShape(ctx SpecContext) {
	p := s.provision(ctx)
	d := s.draft(token.VisaGetToken, string(p.ref), nil)
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, slices.Concat(
		tokenShape(string(s.visa().TRID), "ACTIVE"),
		harness.Shape{
			{Path: "vProvisionedTokenID?", Is: harness.Exactly(string(p.ref))},
			{Path: "tokenInfo.last4", Is: harness.Exactly(p.answer.TokenInfo.Last4)},
		},
	))
}

func (s *suite) metadata(ctx SpecContext) {
	e := s.enrol(ctx)
	d := s.draft(token.VisaGetCardMetadata, e.id, nil)
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, slices.Concat(instrumentShape(e.card), metadataShape()))
}

func (s *suite) readsForPlatform(ctx SpecContext) {
	e := s.enrol(ctx)
	d := s.draft(token.VisaGetCardMetadata, e.id, nil)
	d.query += "&platformType=WEB"
	d.Sign()
	d.Send(ctx).MustBe(http.StatusOK, metadataShape())
}

// guid finds the content of a kind in a fresh card's metadata.
func (s *suite) guid(ctx SpecContext, kind string) vts.CardData {
	GinkgoHelper()
	for _, data := range s.look(ctx, s.enrol(ctx).id).CardData {
		if data.ContentType == kind {
			return data
		}
	}
	harness.NotApplicable("the card has no %s", kind)
	return vts.CardData{}
}

func (s *suite) content(ctx SpecContext, guid string) harness.Answer {
	GinkgoHelper()
	d := s.draft(token.VisaGetContent, guid, nil)
	d.Sign()
	answer := d.Send(ctx)
	answer.MustBe(http.StatusOK, harness.Shape{
		{Path: "content", Is: harness.ListOf(1)},
		{Path: "content[].mimeType", Is: harness.Text},
		{Path: "content[].encodedData", Is: harness.Matching("[A-Za-z0-9+/]+={0,2}", "standard base64")},
	})
	return answer
}

func (s *suite) art(ctx SpecContext) {
	var got vts.ContentResponse
	s.content(ctx, s.guid(ctx, vts.ContentCardArt).GUID).Read(&got)
	for _, c := range got.Content {
		if c.MimeType == "image/png" {
			harness.MustBePNG(c.EncodedData, string(c.Width), string(c.Height))
		}
	}
}

func (s *suite) terms(ctx SpecContext) {
	terms := s.look(ctx, s.enrol(ctx).id).TermsAndConditionsID
	Expect(terms).NotTo(BeEmpty(), "the metadata names no terms and conditions")
	s.content(ctx, terms)
}

func (s *suite) readsDeleted(ctx SpecContext) {
	p := s.provision(ctx)
	Expect(s.client().Delete(ctx, string(p.ref), customerAsked)).To(Succeed())
	Expect(s.status(ctx, p.ref)).To(Equal(vts.StatusDeleted))
}

func (s *suite) refusesForeignRead(ctx SpecContext) {
	other, p := s.other(), s.provision(ctx)
	_, err := other.GetToken(ctx, string(p.ref))
	refused(err, vts.ReasonAuthError)
}
