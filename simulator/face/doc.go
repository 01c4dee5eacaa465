// Package face is the skeleton of every party on the network door: what happens
// to a request whoever it is for. A face adds what is particular to its wire.
//
//	capture ─► place ─► journal ─► size ─► admit ─► authenticate ─► read ─► facts ─► step ─► answer ─► faults
//	 the door and the registry              │ from here to the answer by hooks of the face │               the door
//
// It is generic over the little world it finds ([World]) and knows no network,
// no engine and no wire format: a third face, or one that plays a payment
// provider, is one more value of [Skeleton].
package face
