// Package recording holds what every play of the library, and twenty requests
// that are wrong, leave behind at the control door: environment, journal,
// explanations, verdicts, notices and tokens. Its test plays all of it again
// and compares byte for byte, so that a change of how the parts are put
// together shows if it changes anything that can be seen.
//
// A difference that is wanted is written with -update and explained in the
// changelog; the recording holds no opinion of its own.
package recording
