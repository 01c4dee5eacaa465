package server_test

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pantomime-dev/pantomime/mdes/server"

	"github.com/pantomime-dev/pantomime/internal/stage"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// The traps are what imitations of this network get wrong; each has its test,
// in the order of docs/wire/mdes.md.

func TestTrap_TheEnvironmentStandsInTheMiddleOfThePath(t *testing.T) {
	w := newWorld(t)
	hosts := map[string]string{
		"/mdes/digitization/static/1/0/tokenize": "site.1.sample.service.mastercard.com",
		"/mdes/digitization/mtf/1/0/tokenize":    "stl.services.mastercard.com/mtf/mdes",
		"/mdes/digitization/1/0/tokenize":        "stl.services.mastercard.com/mdes",
	}
	for path, host := range hosts {
		s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
		s.path = path
		if got := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body); got.Decision != "APPROVED" || got.ResponseHost != host {
			t.Errorf("%s: %s at %s", path, got.Decision, got.ResponseHost)
		}
	}
	for _, env := range mdes.Environments() {
		c := w.clientOf(w.who, env)
		ref := token.Ref(w.tokenize(goodPAN).TokenUniqueReference)
		stage.Must(c.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: string(ref)}))(t)
		stage.Must(c.GetTaskStatus(t.Context(), "task-1"))(t)
		product := stage.Must(c.GetToken(t.Context(), ref, true))(t).Token.ProductConfig
		stage.Must(c.GetAsset(t.Context(), product.IconAssetID))(t)
		refs := mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{string(ref)}}
		stage.Must(c.Suspend(t.Context(), refs))(t)
		stage.Must(c.Unsuspend(t.Context(), refs))(t)
		stage.Must(c.SearchTokens(t.Context(), mdes.FundingAccountInfo{TokenUniqueReference: string(ref)}, nil))(t)
		stage.Must(c.Delete(t.Context(), refs))(t)
	}
}

func TestTrap_OAuthValuesAreEncodedOnce(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	s.authorize = func(h string) string { return h[:strings.LastIndex(h, `oauth_signature="`)] + `oauth_signature="AAAA"` }
	said := w.send(s).gateway(t).Description
	_, hash, _ := strings.Cut(said, "oauth_body_hash%3D")
	if !strings.Contains(hash, "%3D%26oauth_consumer_key%3D") || strings.Contains(said, "%25") {
		t.Errorf("base string of %q", said)
	}
}

func TestTrap_ABodyHashIsSentWithGETToo(t *testing.T) {
	w := newWorld(t)
	id := w.tokenize(goodPAN).ProductConfig.IconAssetID
	get := func(change func(*world, *sending)) reply {
		s := w.request(token.MCGetAsset, []byte{})
		s.method, s.path, s.contentType = http.MethodGet, s.path+"/"+id, ""
		change(w, s)
		return w.send(s)
	}
	var header string
	got := get(func(_ *world, s *sending) { s.authorize = func(h string) string { header = h; return h } })
	if got.Status != http.StatusOK || !strings.Contains(header, `oauth_body_hash="`+emptyHash+`"`) {
		t.Errorf("%d with %s", got.Status, header)
	}
	if got := get(param("oauth_body_hash", "")); got.Status != http.StatusBadRequest || got.gateway(t).ReasonCode != "MISSING_OAUTH_PARAMETER" {
		t.Errorf("without one: %d %s", got.Status, got.Body)
	}
	if got := get(func(_ *world, s *sending) { s.signBody = []byte("{}") }); got.gateway(t).ReasonCode != "INVALID_BODY_HASH" {
		t.Errorf("of another body: %d %s", got.Status, got.Body)
	}
}

func TestTrap_SignaturesArePKCS1OverSHA256(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	var header string
	s.authorize = func(right string) string {
		header = right[:strings.LastIndex(right, `oauth_signature="`)]
		return header + `oauth_signature="AAAA"`
	}
	_, base, _ := strings.Cut(w.send(s).gateway(t).Description, "string: ") // the one it would accept
	key := server.KeysOf(w.who).Signing.Private
	wide, narrow := sha512.Sum512([]byte(base)), sha256.Sum256([]byte(base))
	for name, c := range map[string]struct {
		signature []byte
		status    int
	}{
		"PKCS #1 over SHA-256": {stage.Must(rsa.SignPKCS1v15(nil, key, crypto.SHA256, narrow[:]))(t), http.StatusOK},
		"PKCS #1 over SHA-512": {stage.Must(rsa.SignPKCS1v15(nil, key, crypto.SHA512, wide[:]))(t), http.StatusUnauthorized},
		"PSS over SHA-256":     {stage.Must(rsa.SignPSS(rand.Reader, key, crypto.SHA256, narrow[:], nil))(t), http.StatusOK}, // as mastercard-java may
	} {
		s.authorize = func(string) string {
			return header + `oauth_signature="` + url.QueryEscape(base64.StdEncoding.EncodeToString(c.signature)) + `"`
		}
		if got := w.send(s); got.Status != c.status {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestTrap_GatewayErrorsHaveCapitalisedKeys(t *testing.T) {
	w := newWorld(t)
	s := w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))
	s.signBody = []byte("other")
	got := w.send(s)
	form := regexp.MustCompile(`^\{"Errors":\{"Error":\[\{"Source":"Gateway","ReasonCode":"INVALID_BODY_HASH",` +
		`"Description":"[^"]*Calculated: [^"]+=, Received: [^"]+=","Recoverable":false,"Details":null\}\]\}\}$`)
	if !form.Match(got.Body) {
		t.Errorf("%s", got.Body)
	}
}

func TestTrap_ApplicationErrorsHaveALowerCaseList(t *testing.T) {
	w := newWorld(t)
	got := w.send(w.request(token.MCGetToken, about("x", nil))).object(t)
	list, ok := got["errors"].([]any)
	if _, capital := got["Errors"]; !ok || len(list) != 1 || capital || got["errorCode"] == nil || got["errorDescription"] == nil {
		t.Errorf("%v", got)
	}
}

func TestTrap_ApplicationErrorsArriveWith200(t *testing.T) {
	w := newWorld(t)
	for _, body := range []any{[]byte("x"), object{}, about("DWSPMC000000000100000000000000000000000000000000", nil)} {
		if got := w.send(w.request(token.MCGetToken, body)); got.Status != http.StatusOK || got.refused(t).ErrorCode == "" {
			t.Errorf("%d %s", got.Status, got.Body)
		}
	}
}

func TestTrap_ADeclineIsNoError(t *testing.T) {
	w := newWorld(t)
	got := w.send(w.request(token.MCTokenize, w.tokenizeBody("5204731940398145", nil)))
	o := got.object(t)
	for _, absent := range []string{"errorCode", "errors", "tokenUniqueReference", "panUniqueReference", "tokenInfo", "tokenDetail", "productConfig"} {
		if _, there := o[absent]; there {
			t.Errorf("a decline has %s: %s", absent, got.Body)
		}
	}
	if got.Status != http.StatusOK || o["decision"] != "DECLINED" || o["supportsAuthentication"] != false {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}

// openBy opens a payload with the standard library alone, OAEP and MGF1 under
// the same digest, or PKCS #1 v1.5.
func openBy(t *testing.T, key *rsa.PrivateKey, p mdes.EncryptedPayload) []byte {
	t.Helper()
	digest := sha512.New()
	if p.OAEPHashingAlgorithm == "SHA256" {
		digest = sha256.New()
	}
	wrapped := stage.Must(hex.DecodeString(p.EncryptedKey))(t)
	content, err := rsa.DecryptOAEP(digest, nil, key, wrapped, nil)
	if p.OAEPHashingAlgorithm == "" {
		content, err = rsa.DecryptPKCS1v15(nil, key, wrapped) //nolint:staticcheck // the wire's form
	}
	if err != nil {
		t.Fatal(err)
	}
	data := stage.Must(hex.DecodeString(p.EncryptedData))(t)
	cipher.NewCBCDecrypter(stage.Must(aes.NewCipher(content))(t), stage.Must(hex.DecodeString(p.IV))(t)).CryptBlocks(data, data)
	return data[:len(data)-int(data[len(data)-1])]
}

func TestTrap_CiphertextIsHexAndDigestsHaveNoDash(t *testing.T) {
	w := newWorld(t)
	p := w.tokenize(goodPAN).TokenDetail
	digits := regexp.MustCompile(`^[0-9a-f]+$`)
	if len(p.EncryptedKey) != 512 || len(p.IV) != 32 || !digits.MatchString(p.EncryptedKey+p.IV+p.EncryptedData+p.PublicKeyFingerprint) || p.OAEPHashingAlgorithm != "SHA512" {
		t.Errorf("%+v", p)
	}
}

func TestTrap_OneDigestForOAEPAndMGF1(t *testing.T) {
	w := newWorld(t)
	detail := stage.Decode[mdes.TokenDetailData](t, openBy(t, server.KeysOf(w.who).Requestor.Private, w.tokenize(goodPAN).TokenDetail.EncryptedPayload))
	if !token.LuhnValid(string(detail.TokenNumber)) {
		t.Error("the token number is not in it")
	}
	for _, d := range []mdes.Digest{mdes.SHA256, mdes.SHA512} {
		s := w.request(token.MCTokenize, nil)
		digest(string(d), d)(w, s)
		if got := stage.Decode[mdes.TokenizeResponse](t, w.send(s).Body); got.Decision != "APPROVED" {
			t.Errorf("%s is not taken: %+v", d, got)
		}
	}
	for _, c := range []struct {
		label, mgf crypto.Hash
		code       string
	}{
		{crypto.SHA512, crypto.SHA512, ""},
		{crypto.SHA512, crypto.SHA1, "CRYPTOGRAPHY_ERROR"},
		{crypto.SHA512, crypto.SHA256, "CRYPTOGRAPHY_ERROR"},
		{crypto.SHA256, crypto.SHA512, "CRYPTOGRAPHY_ERROR"},
	} {
		s := w.request(token.MCTokenize, nil)
		rewrapped(rsa.OAEPOptions{Hash: c.label, MGFHash: c.mgf})(w, s)
		if got := w.send(s).refused(t).ErrorCode; got != c.code {
			t.Errorf("OAEP with %s and MGF1 with %s: %q, want %q", c.label, c.mgf, got, c.code)
		}
	}
}

func TestTrap_AKeyHasThreeFingerprintsInAnyLetterCase(t *testing.T) {
	w := newWorld(t)
	for _, form := range mdes.FingerprintForms() {
		for _, spell := range []func(string) string{strings.ToLower, strings.ToUpper} {
			fingerprint := spell(stage.Must(mdes.CertificateFingerprint(server.KeysOf(w.who).Network.Certificate, form))(t))
			s := w.request(token.MCTokenize, nil)
			holder(object{"publicKeyFingerprint": fingerprint})(w, s)
			if got := w.send(s); got.refused(t).ErrorCode != "" {
				t.Errorf("%s %s: %s", form, fingerprint, got.Body)
			}
		}
	}
}

func TestTrap_NoIVIsZeroAndNoDigestIsPKCS1(t *testing.T) {
	w := newWorld(t)
	for name, set := range map[string]func(*mdes.Sealer){
		"no iv":                   func(s *mdes.Sealer) { s.OmitIV = true },
		"no oaepHashingAlgorithm": func(s *mdes.Sealer) { s.Digest = mdes.PKCS1v15 },
		"neither, and 256 bits":   func(s *mdes.Sealer) { s.OmitIV, s.Digest, s.KeyBits = true, mdes.PKCS1v15, 256 },
	} {
		s := w.request(token.MCTokenize, nil)
		sealTo(func(w *world) mdes.Sealer {
			seal := sealer(w.t, server.KeysOf(w.who).Network)
			set(&seal)
			return seal
		})(w, s)
		if got := w.send(s); got.refused(t).ErrorCode != "" {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
}

func TestTrap_TokenDetailKeepsTheReferenceInClear(t *testing.T) {
	w := newWorld(t)
	made := w.tokenize(goodPAN)
	got := stage.Decode[mdes.GetTokenResponse](t, w.send(w.request(token.MCGetToken, about(made.TokenUniqueReference, object{"includeTokenDetail": "true"}))).Body)
	for _, detail := range []*mdes.TokenDetail{made.TokenDetail, got.TokenDetail} {
		if detail.TokenUniqueReference != made.TokenUniqueReference {
			t.Errorf("%+v", detail)
		}
	}
}

func TestTrap_ATokenIsActiveAtOnceAndItsNumberIsInTheAnswer(t *testing.T) {
	w := newWorld(t)
	made := w.tokenize(goodPAN)
	v, _ := w.box.Token(token.Ref(made.TokenUniqueReference))
	detail := stage.Decode[mdes.TokenDetailData](t, stage.Must(opener(t, server.KeysOf(w.who).Requestor).Open(made.TokenDetail.EncryptedPayload))(t))
	if v.Token.Status != token.Active || string(detail.TokenNumber) != v.Token.Number.Digits() {
		t.Errorf("%s, number %s", v.Token.Status, detail.TokenNumber)
	}
	stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: made.TokenUniqueReference}))(t)
	if deliveries := w.box.Deliveries(nil); len(deliveries) != 0 {
		t.Errorf("an unexpected activation is notified: %+v", deliveries)
	}
}

func TestTrap_WireTypesAreNotTheSchemas(t *testing.T) {
	w := newWorld(t)
	made := w.send(w.request(token.MCTokenize, w.tokenizeBody(goodPAN, nil))).object(t)
	tokenInfo, product := made["tokenInfo"].(object), made["productConfig"].(object)
	if tokenInfo["dsrpCapable"] != true || tokenInfo["tokenAssuranceLevel"] != 1.0 || product["isCoBranded"] != false || made["supportsAuthentication"] != true {
		t.Errorf("%v", made)
	}
	ref := made["tokenUniqueReference"].(string)
	asked := func(value any) map[string]any {
		return w.send(w.request(token.MCGetToken, about(ref, object{"includeTokenDetail": value}))).object(t)
	}
	if asked("true")["tokenDetail"] == nil || asked("false")["tokenDetail"] != nil || asked(true)["tokenDetail"] == nil {
		t.Error("includeTokenDetail is not the text it is")
	}
}

func TestTrap_ACryptogramIs19BytesWithCounterAndNumberInClear(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	body := stage.Decode[mdes.TransactResponse](t, w.send(w.request(token.MCTransact, about(ref, object{"dsrpType": "UCAF", "unpredictableNumber": "23424563"}))).Body)
	data := stage.Decode[mdes.TransactEncryptedData](t, openBy(t, server.KeysOf(w.who).Requestor.Private, body.EncryptedPayload))
	ucaf := string(data.DE48SE43Data)
	raw := stage.Must(base64.StdEncoding.DecodeString(ucaf))(t)
	if len(ucaf) != 28 || !strings.HasSuffix(ucaf, "GgADFA==") || ucaf[0] != 'A' || len(raw) != 19 {
		t.Errorf("%d characters, %d bytes", len(ucaf), len(raw))
	}
	if got := hex.EncodeToString(raw[9:]); got != "000123424563"+"1a00"+"0314" {
		t.Errorf("behind the application cryptogram is %s", got)
	}
}

func TestTrap_SearchTokensForgetsTheDeactivated(t *testing.T) {
	w := newWorld(t)
	made := w.tokenize(goodPAN)
	stage.Must(w.client.Delete(t.Context(), mdes.LifecycleRequest{TokenUniqueReferences: mdes.References{made.TokenUniqueReference}}))(t)
	if found := stage.Must(w.search(mdes.FundingAccountInfo{PANUniqueReference: made.PANUniqueReference}, ""))(t); len(found.Tokens) != 0 {
		t.Errorf("found %+v", found.Tokens)
	}
	if got := stage.Must(w.client.GetToken(t.Context(), token.Ref(made.TokenUniqueReference), false))(t); got.Token.Status != "DEACTIVATED" {
		t.Errorf("getToken says %s", got.Token.Status)
	}
}

func TestTrap_LifecycleTakesTenReferencesAndAnswersForEach(t *testing.T) {
	w := newWorld(t)
	var refs []string
	for range 10 {
		refs = append(refs, w.tokenize(goodPAN).TokenUniqueReference)
	}
	for _, op := range []token.Operation{token.MCSuspend, token.MCUnsuspend, token.MCDelete} {
		list := stage.Decode[mdes.TokensResponse](t, w.send(w.request(op, batch(nil, refs...))).Body)
		got := make([]string, 0, len(refs))
		for _, one := range list.Tokens {
			got = append(got, one.TokenUniqueReference)
		}
		if !slices.Equal(got, refs) {
			t.Errorf("%s answers for %v", op, got)
		}
	}
	more := append(slices.Clone(refs), w.tokenize(goodPAN).TokenUniqueReference)
	for _, op := range []token.Operation{token.MCSuspend, token.MCUnsuspend, token.MCDelete} {
		got := w.send(w.request(op, batch(nil, more...))).refused(t)
		if want := "Invalid Field Length - tokenUniqueReferences"; got.ErrorCode != "INVALID_FIELD_LENGTH" || got.ErrorDescription != want {
			t.Errorf("%s takes eleven: %+v", op, got)
		}
	}
	lone := w.tokenize(goodPAN).TokenUniqueReference
	if got := w.send(w.request(token.MCSuspend, batch(object{"tokenUniqueReferences": lone}))); len(stage.Decode[mdes.TokensResponse](t, got.Body).Tokens) != 1 {
		t.Errorf("a single text in place of the list: %s", got.Body)
	}
}

func TestTrap_SuspendedByIsAList(t *testing.T) {
	w := newWorld(t)
	ref := w.tokenize(goodPAN).TokenUniqueReference
	w.send(w.request(token.MCSuspend, batch(nil, ref)))
	w.send(w.request(token.MCSuspend, batch(object{"causedBy": "CARDHOLDER"}, ref)))
	one := w.send(w.request(token.MCGetToken, about(ref, nil))).object(t)["token"].(object)
	if by, ok := one["suspendedBy"].([]any); !ok || !slices.Equal(by, []any{"TOKEN_REQUESTOR", "CARDHOLDER"}) || one["status"] != "SUSPENDED" {
		t.Errorf("%v", one)
	}
	if list := stage.Decode[mdes.TokensResponse](t, w.send(w.request(token.MCUnsuspend, batch(nil, ref))).Body); list.Tokens[0].Status != "SUSPENDED" {
		t.Errorf("when one has let go: %+v", list.Tokens)
	}
	w.send(w.request(token.MCUnsuspend, batch(object{"causedBy": "CARDHOLDER"}, ref)))
	one = w.send(w.request(token.MCGetToken, about(ref, nil))).object(t)["token"].(object)
	if _, there := one["suspendedBy"]; there || one["status"] != "ACTIVE" {
		t.Errorf("%v", one)
	}
}

func TestTrap_ExpiriesHaveThreeForms(t *testing.T) {
	w := newWorld(t)
	made := w.tokenize(goodPAN)
	if made.TokenInfo.TokenExpiry != "0329" || made.TokenInfo.AccountPANExpiry != "1229" {
		t.Errorf("tokenInfo has %s and %s, want MMYY", made.TokenInfo.TokenExpiry, made.TokenInfo.AccountPANExpiry)
	}
	var detail map[string]string
	if err := json.Unmarshal(openBy(t, server.KeysOf(w.who).Requestor.Private, made.TokenDetail.EncryptedPayload), &detail); err != nil {
		t.Fatal(err)
	}
	if detail["expiryMonth"] != "03" || detail["expiryYear"] != "29" {
		t.Errorf("tokenDetail has %q and %q, want MM and YY", detail["expiryMonth"], detail["expiryYear"])
	}
	paid := stage.Must(w.client.Transact(t.Context(), mdes.TransactRequest{TokenUniqueReference: made.TokenUniqueReference}))(t)
	number := string(paid.Clear.AccountNumber)
	if paid.Clear.ApplicationExpiryDate != "290331" || string(paid.Clear.Track2Equivalent) != number+"D2903201"+"0000000000000"+"F" {
		t.Errorf("transact has %s", paid.Clear.ApplicationExpiryDate)
	}
}
