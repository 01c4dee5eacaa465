// Package issuer is the wire of decision endpoints: what an issuer that is played
// outside is asked about a provisioning or a payment, and what it may answer. It has
// the messages, their rules and the signature, for endpoints in Go too:
//
//	body, _ := io.ReadAll(r.Body)
//	if err := issuer.Verify(r.Header, body, secret, time.Now()); err != nil { … }
//	q, err := issuer.DecodeInquiry(body)
//
// The wire is Pantomime's own (docs/wire/issuer.md): no network's or processor's is
// imitated here. It has no server and no state with it.
package issuer
