package server

import (
	"strconv"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/simulator/door"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/vts"
)

// productKey tells one account's products apart.
type productKey struct {
	issuer   string
	revision int
}

// cardMetaData is what a wallet may show of a card, as JSON. It is the same for
// all cards of an issuer's revision, so it is written once, unless a scenario
// shows some of it differently.
func (r *request) cardMetaData(c vault.Card) *door.Written {
	if shown := r.Plan.Metadata; len(shown) > 0 {
		return written(r.World.ProductOf(c).With(shown))
	}
	a, k := r.account, productKey{c.Issuer, c.Product}
	if made, ok := a.cards.Load(k); ok {
		return made.(*door.Written)
	}
	made := written(r.World.ProductOf(c))
	made.Open = a.box.Journal().Mask(made.JSON) == string(made.JSON)
	a.cards.Store(k, made)
	return made
}

func written(p fixtures.Product) *door.Written {
	text, err := door.JSON(metaDataOf(p))
	if err != nil {
		panic("card metadata: " + err.Error()) // only texts, which always encode
	}
	return &door.Written{Name: "cardMetaData", JSON: text}
}

// metaDataOf words a product as Visa does (docs/wire/vts.md "Provisioning").
func metaDataOf(p fixtures.Product) vts.CardMetaData {
	return vts.CardMetaData{
		BackgroundColor: "0x" + p.BackgroundColor, ForegroundColor: "0x" + p.ForegroundColor, LabelColor: "0x" + p.LabelColor,
		ContactName: p.ContactName, ContactNumber: p.ContactNumber, ContactEmail: p.ContactEmail, ContactWebsite: p.ContactWebsite,
		PrivacyPolicyURL: p.PrivacyPolicyURL, BankAppName: p.BankAppName, BankAppAddress: p.BankAppAddress,
		TermsAndConditionsURL: p.TermsURL, TermsAndConditionsID: p.TermsID,
		ShortDescription: p.ShortDescription, LongDescription: p.LongDescription, CardData: cardData(p),
	}
}

// cardData points to the assets that have a content type at Visa.
func cardData(p fixtures.Product) []vts.CardData {
	var list []vts.CardData
	for _, a := range p.Assets() {
		switch a.Kind {
		case fixtures.CardArt, fixtures.CardSymbol, fixtures.Terms:
			list = append(list, vts.CardData{GUID: a.ID, ContentType: string(a.Kind), Content: []vts.Content{contentOf(a)}})
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
