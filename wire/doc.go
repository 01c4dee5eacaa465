// Package wire is what the codecs of all networks share: lists of routes; field
// rules as tables that can be read, and one check of them; the frame of a client;
// the parts of a compact JWE; scalars that clients write carelessly or that must
// not be printed. It knows no network: what a broken rule is called on the wire,
// whether all of them are reported or the first, and how a call is signed, is the
// codec's.
package wire
