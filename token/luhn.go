package token

// LuhnValid reports whether the last digit is the check digit of ISO/IEC 7812
// annex B. Anything that is not all digits is invalid.
func LuhnValid(digits string) bool {
	if len(digits) < 2 || !Digits(digits) {
		return false
	}
	body, last := digits[:len(digits)-1], digits[len(digits)-1]
	return CheckDigit(body) == last
}

// CheckDigit computes the Luhn digit to append to body, which must be digits.
func CheckDigit(body string) byte {
	sum, double := 0, true
	for i := len(body) - 1; i >= 0; i-- {
		d := int(body[i] - '0')
		if double {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		double = !double
	}
	return byte('0' + (10-sum%10)%10)
}
