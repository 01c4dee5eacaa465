package server

import (
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/simulator/vault"
	"github.com/pantomime-dev/pantomime/token"
)

// statuses spells the states of a token (docs/wire/mdes.md "Life cycle").
var statuses = map[token.Status]string{
	token.Inactive:    mdes.StatusInactive,
	token.Active:      mdes.StatusActive,
	token.Suspended:   mdes.StatusSuspended,
	token.Deactivated: mdes.StatusDeactivated,
}

// standing is what every list of tokens says of one.
func standing(t vault.Token) mdes.Token { return standingOf(t.State()) }

func standingOf(t token.TokenState) mdes.Token {
	out := mdes.Token{
		TokenUniqueReference: string(t.Ref), Status: statuses[t.Status], StatusTimestamp: mdes.At(t.StatusAt),
	}
	if t.Status == token.Suspended {
		for _, by := range t.SuspendedBy {
			out.SuspendedBy = append(out.SuspendedBy, string(by))
		}
	}
	return out
}

// assurance is the tokenAssuranceLevel of every token, as the sandbox shows it.
const assurance = 1

// tokenInfo is what may be shown of token and card. Operations other than
// tokenize add the card's prefix.
func (r *request) tokenInfo(t vault.Token, c vault.Card) *mdes.TokenInfo {
	info := infoOf(t.State(), token.AccountState{Last4: c.PAN.Last4(), Expiry: c.Expiry})
	level := mdes.LooseInt(assurance)
	info.TokenAssuranceLevel = &level
	info.ProductCategory = string(r.World.ProductOf(c).Category)
	return info
}

// infoOf leaves out what is optional.
func infoOf(t token.TokenState, c token.AccountState) *mdes.TokenInfo {
	info := &mdes.TokenInfo{
		TokenPANSuffix: t.Last4, AccountPANPrefix: c.First6, AccountPANSuffix: c.Last4,
		TokenExpiry: t.Expiry.MMYY(), DSRPCapable: true,
	}
	if !c.Expiry.IsZero() {
		info.AccountPANExpiry = c.Expiry.MMYY()
	}
	return info
}

// detail is tokenDetail: the reference in clear next to the encrypted number
// (docs/wire/mdes.md "Payload encryption").
func (r *request) detail(t vault.Token, c vault.Card) (*mdes.TokenDetail, *refusal) {
	sealed, refused := r.seal("tokenDetail", mdes.TokenDetailData{
		TokenNumber: mdes.Sensitive(t.Number.Digits()), ExpiryMonth: t.Expiry.MM(), ExpiryYear: t.Expiry.YY(),
		PaymentAccountReference: string(c.PAR),
	})
	if refused != nil {
		return nil, refused
	}
	return &mdes.TokenDetail{TokenUniqueReference: string(t.Ref), EncryptedPayload: sealed}, nil
}
