package requestor

import (
	"net/http"
	"slices"

	"github.com/pantomime-dev/pantomime/requestor/wallet"
	"github.com/pantomime-dev/pantomime/token"
)

// The requestor's own keys: they arise from state and from what is switched on.
const (
	NotEnabledFeature          token.Key = "not_enabled_feature"
	NotEnabledForEnvironment   token.Key = "not_enabled_for_environment"
	NetworkServiceError        token.Key = "network_service_error"
	UnsupportedCardType        token.Key = "unsupported_card_type"
	TokenNotProvisioned        token.Key = "token_not_provisioned"
	TokenNotActive             token.Key = "token_not_active"
	NoGatewaySupport           token.Key = "no_gateway_support"
	NoGatewaySupportForAbility token.Key = "no_gateway_support_for_ability"
	CryptogramError            token.Key = "cryptogram_error"
	NotTokenized               token.Key = "not_tokenized"
)

// KeyInfo is a key with the exact documented text.
type KeyInfo struct {
	Key     token.Key
	Message string
}

// ownKeys are contract data: do not reword. The text of
// no_gateway_support_for_ability is inferred, as none is published.
var ownKeys = []KeyInfo{
	{NotEnabledFeature, "Network Tokenization service is not currently enabled at Spreedly."},
	{NotEnabledForEnvironment, "Network Tokenization is not enabled on this environment."},
	{NetworkServiceError, "Mastercard/Visa Network Tokenization service down."},
	{UnsupportedCardType, "Unsupported Card Type for Network Tokenization."},
	{TokenNotProvisioned, "No Network Token provision request made for provided Payment Method."},
	{TokenNotActive, "Network Token for requested Payment Method is not currently active to use in transactions."},
	{NoGatewaySupport, "Network Tokenization service not supported on requested gateway."},
	{NoGatewaySupportForAbility, "Network Tokenization service not supported on requested gateway for this ability."},
	{CryptogramError, "Cryptogram could not be successfully retrieved for Network Token."},
	{NotTokenized, "You must provision a network token for this payment method before you can perform this action."},
}

// OwnKeys are all keys of the requestor's own.
func OwnKeys() []KeyInfo { return slices.Clone(ownKeys) }

// Problem is why something was not done by token, as the merchant sees it.
type Problem struct {
	Key     token.Key
	Message string
	Reason  string // the network's own, as on the wire; "" where none came
	Status  int    // HTTP status of the network's answer; 0 without one
	Detail  string // for explain; never sent
	Lost    bool   // it is unknown whether the network did it
}

// own makes a problem of the requestor's own.
func own(key token.Key, detail string) *Problem {
	at := slices.IndexFunc(ownKeys, func(k KeyInfo) bool { return k.Key == key })
	return &Problem{Key: key, Message: ownKeys[at].Message, Detail: detail}
}

// wireRow is one line of the table from what came over the wire to the key that
// the merchant gets. What a row leaves out fits anything.
type wireRow struct {
	network  token.Network
	kind     wallet.EndingKind
	from, to int // HTTP status
	key      token.Key
}

// wireKeys are the endings that count whatever the body says; the first row that
// fits has the word. What a network says in words comes after it.
var wireKeys = []wireRow{
	{kind: wallet.NoAnswer, key: NetworkServiceError},
	{kind: wallet.Unreadable, key: token.JSONParseError},
	{network: token.Visa, from: http.StatusTooManyRequests, to: http.StatusTooManyRequests, key: token.ServiceError},
	{network: token.Visa, from: 500, to: 599, key: token.ServiceError},
	{network: token.Mastercard, from: http.StatusTooManyRequests, to: http.StatusTooManyRequests, key: token.LimitExceeded},
	{network: token.Mastercard, from: http.StatusGatewayTimeout, to: http.StatusGatewayTimeout, key: token.GatewayTimeout},
	{network: token.Mastercard, from: 500, to: 599, key: token.InternalServerError},
}

// networkKeys are what a network says in words: the key of an issuer's no, and of
// a reason that is not documented.
var networkKeys = map[token.Network]struct{ declined, other token.Key }{
	token.Visa:       {token.Declined, token.ServiceError},
	token.Mastercard: {token.PANIneligible, token.InternalServerError},
}

func (r wireRow) fits(n token.Network, e wallet.Ending) bool {
	return (r.network == "" || r.network == n) && (r.kind == "" || r.kind == e.Kind) && (r.to == 0 || r.from <= e.Status && e.Status <= r.to)
}

// problemOf tells the merchant how a call to a network ended, nil for well.
func problemOf(n token.Network, e wallet.Ending) *Problem {
	if e.Kind == wallet.EndedWell {
		return nil
	}
	p := &Problem{Key: keyOf(n, e), Reason: e.Reason, Status: e.Status, Detail: token.Scrub(e.Message), Lost: e.Unknown()}
	if info, documented := token.KeyOf(n, p.Key); documented {
		p.Message = info.Message
		return p
	}
	p.Message = own(p.Key, "").Message
	return p
}

func keyOf(n token.Network, e wallet.Ending) token.Key {
	for _, row := range wireKeys {
		if row.fits(n, e) {
			return row.key
		}
	}
	if e.Kind == wallet.SaidNo {
		return networkKeys[n].declined
	}
	if key, documented := wallet.ReasonsOf(n)[e.Reason]; documented {
		return key
	}
	return networkKeys[n].other
}
