package issuer

import (
	"github.com/pantomime-dev/pantomime/token"
	"github.com/pantomime-dev/pantomime/wire"
)

// Answer is what an endpoint says (docs/wire/issuer.md "Answer").
type Answer struct {
	Decision token.Decision `json:"decision"`
	Reason   token.Key      `json:"reason,omitempty"` // of a decline; without it, do_not_honor
}

// policy reports all bad fields at once. An unknown member is refused: a
// misspelt reason would otherwise be missed in silence.
var policy = wire.Policy{Phases: [][]wire.Rule{{wire.Unknown, wire.Missing, wire.WrongKind, wire.Choice}}, All: true}

// answers are the rules of an answer, by what was asked.
var answers = map[token.InquiryKind][]wire.Field{
	token.InquiryProvisioning: answerFields(token.Approve, token.StepUp, token.Decline),
	token.InquiryPayment:      answerFields(token.Approve, token.Decline),
}

func answerFields(decisions ...token.Decision) []wire.Field {
	words := make([]string, len(decisions))
	for i, d := range decisions {
		words[i] = string(d)
	}
	return wire.Bind[Answer](
		wire.Chars("decision", 0, 0).Must().OneOf(words...),
		wire.Chars("reason", 0, 0).OneOf(token.DeclineReasonNames(token.IssuerDeclines)...),
	).Fields
}

// Read reports the verdict that an answer holds. The error is [wire.ErrBody] or a
// [wire.BadFields].
func (Codec) Read(kind token.InquiryKind, body []byte) (token.Verdict, error) {
	var a Answer
	if err := policy.Decode(answers[kind], body, &a); err != nil {
		return token.Verdict{}, err
	}
	declines := a.Decision == token.Decline
	switch {
	case a.Reason != "" && !declines:
		return token.Verdict{}, wire.BadFields{{Location: "reason", Why: "belongs to a decline"}}
	case a.Reason == "" && declines:
		a.Reason = token.DeclineDoNotHonor
	}
	return token.Verdict(a), nil
}
