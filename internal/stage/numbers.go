package stage

import "strings"

// Numbers are fifty card numbers as processors publish them for tests, of all
// lengths from 13 to 19 digits. Those of 17 and 18 have an issuer's range and a
// good check digit alone.
var Numbers = strings.Fields(`
	4222222222222
	30569309025904 38520000023237 36227206271667
	378282246310005 371449635398431 378734493671000
	4111111111111111 4012888888881881 4012001037141112 4166676667666746 4000056655665556 4035501000000008 4462030000000000
	4539578763621486 4622943120000600 4895379980001778 4761220000000237
	5555555555554444 5105105105105100 5200828282828210 5506900490000436 5425233430109903 5204731600014784 2720992593319364
	2223003122003222 2222690420064590 2204883716636153
	6011111111111117 6011000990139424 6555900000604105 3530111333300000 3566002020360505 3088000000000009 3056930009020004
	6759649826438453 6304000000000000 6799990100000000019 5018000000000009 5641821111166669 6334580500000000 5641820000000005
	6250941006528599 6205500000000000004 8171999927660000
	630400000000000000 621234567890123457 675940410531100173 62123456789012347 358900000000000003
`)

// Spellings are ways to write a number that whoever reads it still takes for the
// same number.
var Spellings = map[string]func(number string) string{
	"plain":                func(n string) string { return n },
	"spaces":               func(n string) string { return grouped(n, " ") },
	"wide gaps":            func(n string) string { return grouped(n, "  ") },
	"hyphens":              func(n string) string { return grouped(n, "-") },
	"dots":                 func(n string) string { return grouped(n, ".") },
	"slashes":              func(n string) string { return grouped(n, "/") },
	"colons":               func(n string) string { return grouped(n, ":") },
	"commas":               func(n string) string { return grouped(n, ",") },
	"commas and spaces":    func(n string) string { return grouped(n, ", ") },
	"semicolons":           func(n string) string { return grouped(n, ";") },
	"bars":                 func(n string) string { return grouped(n, "|") },
	"bars and spaces":      func(n string) string { return grouped(n, " | ") },
	"escaped spaces":       func(n string) string { return grouped(n, "%20") },
	"spaces escaped twice": func(n string) string { return grouped(n, "%2520") },
	"escaped slashes":      func(n string) string { return grouped(n, "%2F") },
	"plus signs":           func(n string) string { return grouped(n, "+") },
	"unbroken spaces":      func(n string) string { return grouped(n, "\u00a0") },
	"full-width digits":    wide,
	"full-width in groups": func(n string) string { return grouped(wide(n), "\u3000") },
	"digits alone":         func(n string) string { return strings.Join(strings.Split(n, ""), " ") },
	"letters around":       func(n string) string { return "card" + n + "x" },
	"groups with letters":  func(n string) string { return "card" + grouped(n, "-") + "x" },
	"twice on end":         func(n string) string { return n + n },
	"with an expiry":       func(n string) string { return grouped(n, " ") + " 12/29" },
	"among words":          func(n string) string { return "in 2026 " + n + " 123" },
}

func wide(n string) string {
	return strings.Map(func(r rune) rune { return r - '0' + '\uff10' }, n)
}

// grouped puts a text between every four digits, as cards print them.
func grouped(number, between string) string {
	digits := []rune(number)
	var groups []string
	for len(digits) > 4 {
		groups, digits = append(groups, string(digits[:4])), digits[4:]
	}
	return strings.Join(append(groups, string(digits)), between)
}

// Innocents are fifty texts with as many digits as a card number, which no
// masking may touch: whoever looks for a mistake needs them.
var Innocents = []string{
	// instants, in seconds and smaller parts, and as people write them
	"1764590705", "1764590705123", "1764590705123456", "1764590705123456789", "1700000000000", "1711111111111", "4102444800000",
	"2026-12-01T14:05:05.123456789Z", "2026-12-01 14:05:05", "30.11.2026 14:05:33", "30/11/2026 14:05:33", "20261201140505", "20260301090000123",
	// ids of requestors, uuids, references, hashes
	"40010000001", "50120000001", "6e1d0b52-4a53-4d0c-9a1f-0f7f3f7a9b11", "00112233-4455-6677-8899-001122334455", "12345678-1234-1234-1234-123456789012",
	"00112233445566778899001122334455", "DNITHE000000000000000042", "DWSPMC0000000001234567890123456789abcdef01234567",
	"DWSPMC000000000132d72d4fcb2f4136a0532d3093ff1a45", "FWSPMC000000000159f71f703d2141efaf04dd26803f922b", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	"da39a3ee5e6b4b0d3255bfef95601890afd80709", "d41d8cd98f00b204e9800998ecf8427e", "123456-090111-2026", "ref-000000000000042", "V0010013816180398947225400",
	"50123456-0000-4111-8222-1234567890ab", "DE89370400440532013000", "74537604221222132710572", "0af7651916cd43dd8448eb211c80319c",
	// amounts, lists, addresses, phones, versions
	"1000000000000", "9999999999999.99", "4,622,943,120,000.60", "4.622.943.120.000,60", "4 622 943 120 000", "0.1234567890123456", "100,200,300,400,500,600",
	"+49 151 1234 5678", "+4915112345678", "0049 151 1234 5678", "+1 (650) 253-0000 ext 1234", "192.168.100.200:8480", "222.123.123.123:8480", "http://127.0.0.1:8480/s/a-1",
	// what looks like a card number and is none: a wrong check digit, no issuer's range
	"4622943120000601", "1234567890123456", "9999999999999995",
}
