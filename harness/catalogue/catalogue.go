// Package catalogue holds what a conforming party does, as data: one entry a
// requirement, each with an id that is for good, a sentence, how it can be seen,
// and the document that it rests on.
//
// It judges nothing. Checks name the requirements they hold a party to; one that
// no check names says why.
package catalogue

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/pantomime-dev/pantomime/internal/yamldoc"
)

// Need is what it takes to see whether a requirement is met.
type Need string

// The needs.
const (
	NeedsMerchant Need = "merchant" // calls of a merchant are enough
	NeedsForm     Need = "form"     // a cardholder's form is filled in
	NeedsControl  Need = "control"  // something has to be arranged, or looked up, at the control side
	NeedsNothing  Need = "nothing"  // it cannot be observed
)

// Provenance is how sure it is.
type Provenance string

// The provenances.
const (
	Documented Provenance = "documented"
	Partly     Provenance = "partly" // the document leaves some of it open
	Assumed    Provenance = "assumed"
)

// Requirement is one entry.
type Requirement struct {
	ID         string     `yaml:"id"`
	Feature    string     `yaml:"feature"` // of behaviours, the dialect
	Sentence   string     `yaml:"sentence"`
	Try        string     `yaml:"try"` // how it is seen; the head of the file explains its words
	Needs      Need       `yaml:"needs"`
	Document   string     `yaml:"document"` // title, or URL
	Provenance Provenance `yaml:"provenance"`
	Checks     []string   `yaml:"checks"`  // ids of the checks that hold a party to it
	Excused    string     `yaml:"excused"` // why no check does
}

// Set is a frozen list of requirements.
type Set struct {
	Version      int           `yaml:"version"`
	Name         string        `yaml:"set"`
	Excused      string        `yaml:"excused"` // why those have no check that say nothing of their own
	Requirements []Requirement `yaml:"requirements"`
}

// ErrCatalogue says that a file is no catalogue that can be used.
var ErrCatalogue = errors.New("catalogue")

//go:embed behaviours.yaml
var behaviours []byte

// Behaviours are what merchants can observe of the token requestors that
// Pantomime knows the documents of.
var Behaviours = sync.OnceValues(func() (*Set, error) { return Parse("behaviours.yaml", behaviours) })

// Parse reads a catalogue and names everything that is wrong with it. The error
// wraps [ErrCatalogue].
func Parse(file string, data []byte) (*Set, error) {
	var s Set
	if err := yamldoc.Decode(file, data, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCatalogue, err)
	}
	var wrong []error
	if s.Version != 1 || s.Name == "" || len(s.Requirements) == 0 {
		wrong = append(wrong, fmt.Errorf("%s: version 1, the name of a set and requirements are needed", file))
	}
	seen := map[string]bool{}
	for i := range s.Requirements {
		r := &s.Requirements[i]
		if len(r.Checks) == 0 && r.Excused == "" {
			r.Excused = s.Excused
		}
		for _, why := range r.faults() {
			wrong = append(wrong, fmt.Errorf("%s: requirement %d (%s): %s", file, i+1, r.ID, why))
		}
		if seen[r.ID] {
			wrong = append(wrong, fmt.Errorf("%s: the id %s is given twice", file, r.ID))
		}
		seen[r.ID] = true
	}
	if len(wrong) > 0 {
		return nil, fmt.Errorf("%w: %w", ErrCatalogue, errors.Join(wrong...))
	}
	return &s, nil
}

// faults lists what is wrong with one entry.
func (r *Requirement) faults() (why []string) {
	for name, text := range map[string]string{"id": r.ID, "feature": r.Feature, "sentence": r.Sentence, "try": r.Try, "document": r.Document} {
		if strings.TrimSpace(text) == "" {
			why = append(why, "it has no "+name)
		}
	}
	if !slices.Contains([]Need{NeedsMerchant, NeedsForm, NeedsControl, NeedsNothing}, r.Needs) {
		why = append(why, "needs is merchant, form, control or nothing")
	}
	if !slices.Contains([]Provenance{Documented, Partly, Assumed}, r.Provenance) {
		why = append(why, "provenance is documented, partly or assumed")
	}
	switch {
	case len(r.Checks) > 0 && r.Excused != "":
		why = append(why, "it has checks and is excused")
	case len(r.Checks) == 0 && r.Excused == "":
		why = append(why, "no check names it, and nothing says why")
	}
	slices.Sort(why)
	return why
}

// Find finds a requirement by its id.
func (s *Set) Find(id string) (Requirement, bool) {
	at := slices.IndexFunc(s.Requirements, func(r Requirement) bool { return r.ID == id })
	if at < 0 {
		return Requirement{}, false
	}
	return s.Requirements[at], true
}
