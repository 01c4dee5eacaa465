package token

import "testing"

func TestTables_EveryEventLeavesSomething(t *testing.T) {
	for _, row := range events {
		if len(row.leaves) == 0 {
			t.Errorf("nothing says what %s leaves behind", row.Type)
		}
	}
}

func TestConfirming_FindsTheOperationOfAProof(t *testing.T) {
	for proof, want := range map[Proof]Operation{Password: VisaValidateOTP, AppCode: VisaValidateAuthCode} {
		if got := Confirming(Visa, proof); got != want {
			t.Errorf("%s is confirmed by %q, want %q", proof, got, want)
		}
		if got := Confirming(Mastercard, proof); got != "" {
			t.Errorf("%s is confirmed by %q at Mastercard", proof, got)
		}
	}
}
