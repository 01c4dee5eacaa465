package mdes

import (
	"context"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/pantomime-dev/pantomime/harness"
	"github.com/pantomime-dev/pantomime/harness/request"
	"github.com/pantomime-dev/pantomime/mdes"
	"github.com/pantomime-dev/pantomime/token"
)

// fieldRow is a change to one member of a good body and the code it earns; the
// description must name the member.
type fieldRow struct {
	id    string
	basis harness.Basis
	op    token.Operation
	path  string // dotted
	value any    // what it becomes; nil: it is taken away
	codes []mdes.ReasonCode
	says  string
}

// needed are the members that an operation cannot do without
// (docs/wire/mdes.md "Operations").
var needed = []request.Needed{
	{ID: "M-FIELD-TOKENIZE", Op: token.MCTokenize, Path: []string{"requestId", "tokenType", "tokenRequestorId", "taskId", "fundingAccountInfo"}},
	{ID: "M-FIELD-TRANSACT", Op: token.MCTransact, Path: []string{"requestId", "tokenUniqueReference", "dsrpType"}},
	{ID: "M-FIELD-TASK", Op: token.MCGetTaskStatus, Path: []string{"requestId", "tokenRequestorId", "taskId"}},
	{ID: "M-FIELD-GET", Op: token.MCGetToken, Path: []string{"requestId", "tokenUniqueReference"}},
	{ID: "M-FIELD-SEARCH", Op: token.MCSearchTokens, Path: []string{"requestId", "fundingAccountInfo"}},
	{ID: "M-FIELD-SUSPEND", Op: token.MCSuspend, Path: []string{"requestId", "tokenUniqueReferences", "causedBy", "reasonCode"}},
	{ID: "M-FIELD-UNSUSPEND", Op: token.MCUnsuspend, Path: []string{"tokenUniqueReferences", "causedBy"}},
	{ID: "M-FIELD-DELETE", Op: token.MCDelete, Path: []string{"tokenUniqueReferences", "causedBy"}},
}

func neededRows() []fieldRow {
	return request.Without(needed, func(id string, op token.Operation, path, says string) fieldRow {
		return fieldRow{id, harness.Documented, op, path, nil, []mdes.ReasonCode{mdes.MissingRequiredField}, says}
	})
}

func wrongRows() []fieldRow {
	length, value := []mdes.ReasonCode{mdes.InvalidFieldLength}, []mdes.ReasonCode{mdes.InvalidFieldValue}
	format := []mdes.ReasonCode{mdes.InvalidFieldFormat}
	either := []mdes.ReasonCode{mdes.InvalidFieldFormat, mdes.InvalidFieldLength, mdes.InvalidFieldValue}
	long := func(n int) string { return strings.Repeat("a", n) }
	refs := slices.Repeat([]string{unknownRef}, 11)
	return []fieldRow{
		{"M-FIELD-01", harness.Documented, token.MCTokenize, "tokenType", "EMBEDDED_SE", value, "with a token type that is not offered"},
		{"M-FIELD-02", harness.Documented, token.MCTokenize, "tokenRequestorId", "5012000000", either, "with a requestor id of 10 digits"},
		{"M-FIELD-03", harness.Documented, token.MCTokenize, "tokenRequestorId", "5012000000x", either, "with letters in the requestor id"},
		{"M-FIELD-04", harness.Documented, token.MCTokenize, "taskId", long(65), length, "with a task id of 65 characters"},
		{"M-FIELD-05", harness.Documented, token.MCTokenize, "requestId", long(65), length, "with a request id of 65 characters"},
		{"M-FIELD-06", harness.Documented, token.MCTokenize, "consumerLanguage", "eng", length, "with a language of three letters"},
		{"M-FIELD-07", harness.Documented, token.MCTokenize, "decisioningData.deviceScore", "6", value, "with a device score of 6"},
		{"M-FIELD-08", harness.Documented, token.MCTokenize, "decisioningData.recommendation", "MAYBE", value, "with a recommendation that does not exist"},
		{"M-FIELD-09", harness.Documented, token.MCTokenize, "decisioningData.accountIdHash", "a85e", length, "with a hash of four digits"},
		{"M-FIELD-10", harness.Documented, token.MCTokenize, "fundingAccountInfo", "5204731600014784", format, "with a text where the account's object belongs"},
		{"M-FIELD-11", harness.Documented, token.MCTokenize, "taskId", []string{"a"}, format, "with a list as task id"},
		{"M-FIELD-20", harness.Documented, token.MCTransact, "dsrpType", "M_CHIP", value, "with a cryptogram type of an older version"},
		{"M-FIELD-21", harness.Documented, token.MCTransact, "unpredictableNumber", "1234567", either, "with seven digits of unpredictable number"},
		{"M-FIELD-22", harness.Documented, token.MCTransact, "unpredictableNumber", "2342456G", either, "with an unpredictable number that is not hex"},
		{"M-FIELD-23", harness.Documented, token.MCTransact, "tokenUniqueReference", "DWSPMC", either, "with a reference of six characters"},
		{"M-FIELD-30", harness.Documented, token.MCGetToken, "includeTokenDetail", "maybe", value, "with includeTokenDetail neither true nor false"},
		{"M-FIELD-31", harness.Documented, token.MCGetToken, "tokenUniqueReference", long(65), length, "with a reference of 65 characters"},
		{"M-FIELD-40", harness.Documented, token.MCSuspend, "causedBy", "ISSUER", value, "caused by the issuer"},
		{"M-FIELD-41", harness.Documented, token.MCSuspend, "reasonCode", "BOREDOM", value, "with a reason code that does not exist"},
		{"M-FIELD-42", harness.Documented, token.MCSuspend, "reasonCode", "NOT_FRAUD", value, "with a reason code of unsuspend"},
		{"M-FIELD-43", harness.Documented, token.MCSuspend, "tokenUniqueReferences", refs, length, "with eleven references"},
		{"M-FIELD-44", harness.Documented, token.MCSuspend, "tokenUniqueReferences", []string{}, []mdes.ReasonCode{mdes.InvalidFieldLength, mdes.MissingRequiredField}, "with no reference"},
		{"M-FIELD-45", harness.Documented, token.MCSuspend, "reason", long(257), length, "with a reason of 257 characters"},
		{"M-FIELD-46", harness.Documented, token.MCSuspend, "tokenUniqueReferences", []string{"DWSPMC"}, either, "with a reference of six characters"},
	}
}

func (s *suite) fields() {
	harness.Feature("fields", "Operations", func() {
		for _, row := range append(neededRows(), wrongRows()...) {
			harness.Check(row.id, row.basis, "refuses "+row.op.Info().Wire+" "+row.says, func(ctx SpecContext) { s.refusesMember(ctx, row) }, harness.BadInput)
		}
		for _, row := range hosts() {
			harness.Check(row.id, harness.Documented, "refuses "+row.says, func(ctx SpecContext) { s.refusesHost(ctx, row.value) }, harness.BadInput)
		}
		for _, row := range badFunding() {
			harness.Check(row.id, row.basis, "refuses "+row.says, func(ctx SpecContext) { s.refusesFunding(ctx, row) }, harness.BadInput)
		}
	})
}

// hosts are values of responseHost that are not host[:port][/contextRoot].
func hosts() []struct{ id, says, value string } {
	return []struct{ id, says, value string }{
		{"M-FIELD-50", "a responseHost with a scheme", "https://shop.example/mdes"},
		{"M-FIELD-51", "a responseHost with a query", "shop.example/mdes?x=1"},
		{"M-FIELD-52", "a responseHost with a user", "user@shop.example/mdes"},
		{"M-FIELD-53", "a responseHost of five characters", "a.com"},
		{"M-FIELD-54", "a responseHost of 65 characters", strings.Repeat("a", 57) + ".example"},
	}
}

func (s *suite) refusesHost(ctx context.Context, value string) {
	GinkgoHelper()
	d := s.draft(token.MCTokenize, "", request.WithMember(request.JSON(s.goodBody(token.MCTokenize, "")), "responseHost", value))
	d.Sign()
	s.mustRefuse(d.Send(ctx), mdes.InvalidResponseHost)
}

func (s *suite) refusesMember(ctx context.Context, row fieldRow) {
	GinkgoHelper()
	ref := token.Ref(unknownRef)
	if row.op != token.MCTokenize && row.op != token.MCSearchTokens && row.op != token.MCGetTaskStatus {
		ref = s.tokenize(ctx).ref
	}
	d := s.draft(row.op, "", request.WithMember(request.JSON(s.goodBody(row.op, ref)), row.path, row.value))
	d.Sign()
	s.refusedFor(d.Send(ctx), row.codes, row.path)
}

// refusedFor expects one of the codes, and the field's name in the text.
func (s *suite) refusedFor(answer harness.Answer, codes []mdes.ReasonCode, path string) {
	GinkgoHelper()
	s.mustRefuse(answer, codes...)
	var body struct {
		Errors []mdes.ErrorItem `json:"errors"`
	}
	answer.Read(&body)
	name := path[strings.LastIndexByte(path, '.')+1:]
	Expect(strings.ToLower(harness.First(body.Errors, "errors").Description)).To(ContainSubstring(strings.ToLower(name)), "the description does not name the field")
}
