package server

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/vts"
)

// cardMetaData is what a wallet may show of a card, which a scenario may have
// changed.
func (r *request) cardMetaData(c vault.Card) *vts.CardMetaData {
	p := r.World.ProductOf(c)
	if len(r.Plan.Metadata) > 0 {
		p = p.With(r.Plan.Metadata)
	}
	return metaDataOf(p)
}

// metaDataOf words a product as Visa does (docs/wire/vts.md "Provisioning").
func metaDataOf(p fixtures.Product) *vts.CardMetaData {
	return &vts.CardMetaData{
		BackgroundColor: "0x" + p.BackgroundColor, ForegroundColor: "0x" + p.ForegroundColor, LabelColor: "0x" + p.LabelColor,
		ContactName: p.ContactName, ContactNumber: p.ContactNumber, ContactEmail: p.ContactEmail, ContactWebsite: p.ContactWebsite,
		PrivacyPolicyURL: p.PrivacyPolicyURL, BankAppName: p.BankAppName, BankAppAddress: p.BankAppAddress,
		TermsAndConditionsURL: p.TermsURL, TermsAndConditionsID: p.TermsID,
		ShortDescription: p.ShortDescription, LongDescription: p.LongDescription, CardData: cardData(p),
		IssuerFlags: &vts.IssuerFlags{
			DeviceBinding: p.Flags.DeviceBinding, CardholderVerification: p.Flags.CardholderVerification,
			TrustedBeneficiaryEnrollment:     p.Flags.TrustedBeneficiaryEnrollment,
			DelegatedAuthenticationSupported: p.Flags.DelegatedAuthenticationSupport, OBODeviceBinding: p.Flags.OBODeviceBinding,
		},
	}
}

// cardData points to the assets that have a content type at Visa.
func cardData(p fixtures.Product) []vts.CardData {
	assets := p.Assets()
	list, contents := make([]vts.CardData, 0, len(assets)), make([]vts.Content, len(assets))
	for i, a := range assets {
		switch a.Kind {
		case fixtures.CardArt, fixtures.CardSymbol, fixtures.Terms:
			contents[i] = contentOf(a)
			list = append(list, vts.CardData{GUID: a.ID, ContentType: string(a.Kind), Content: contents[i : i+1]})
		case fixtures.BrandLogo, fixtures.IssuerLogo, fixtures.Icon:
		}
	}
	return list
}

// contentOf describes an asset without its data.
func contentOf(a fixtures.AssetInfo) vts.Content {
	return vts.Content{MimeType: a.MIME, Width: pixels(a.Width), Height: pixels(a.Height)}
}

func pixels(n int) vts.Text {
	if n == 0 {
		return ""
	}
	return vts.Text(strconv.Itoa(n))
}
