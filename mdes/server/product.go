package server

import (
	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/sandbox"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// productConfig is the look of a card and its issuer's contacts
// (docs/wire/mdes.md "Operations").
func productConfig(p fixtures.Product) *mdes.ProductConfig {
	return &mdes.ProductConfig{
		BrandLogoAssetID: p.BrandLogoID, IssuerLogoAssetID: p.IssuerLogoID, IsCoBranded: false,
		CardBackgroundCombinedAssetID: p.CardArtID, IconAssetID: p.IconID, ForegroundColor: p.ForegroundColor,
		IssuerName: p.IssuerName, ShortDescription: p.ShortDescription, LongDescription: p.LongDescription,
		CustomerServiceURL: p.ContactWebsite, CustomerServiceEmail: p.ContactEmail, CustomerServicePhoneNumber: p.ContactNumber,
		OnlineBankingLoginURL: p.OnlineBankingURL, TermsAndConditionsURL: p.TermsURL, PrivacyPolicyURL: p.PrivacyPolicyURL,
		IssuerMobileApp: &mdes.IssuerMobileApp{},
	}
}

// productOf is the product as it was when an event happened.
func productOf(box *sandbox.Sandbox, ev token.Event) fixtures.Product {
	known, _ := box.Token(ev.Token.Ref)
	known.Card.Network, known.Card.Issuer, known.Card.Product = ev.Network, ev.Card.Issuer, ev.Card.Revision
	return box.ProductOf(known.Card)
}

// product is a card's product as this answer shows it, which a scenario may
// have changed.
func (r *request) product(c vault.Card) fixtures.Product {
	return r.World.ProductOf(c).With(r.Plan.Metadata)
}
