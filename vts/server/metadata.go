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
func (r *request) cardMetaData(c vault.Card) metaData {
	a := r.account
	if len(r.shown) > 0 {
		return metaData{text: written(a.box.ProductOf(c).With(r.shown))}
	}
	k := productKey{c.Issuer, c.Product}
	if made, ok := a.cards.Load(k); ok {
		return made.(metaData)
	}
	made := metaData{text: written(a.box.ProductOf(c))}
	made.open = a.box.Journal().Mask(made.text) == string(made.text)
	a.cards.Store(k, made)
	return made
}

// metaData is cardMetaData as JSON; open says that the journal may take it
// unread.
type metaData struct {
	text []byte
	open bool
}

func written(p fixtures.Product) []byte {
	text, err := door.JSON(metaDataOf(p))
	if err != nil {
		panic("card metadata: " + err.Error()) // only texts, which always encode
	}
	return text
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
