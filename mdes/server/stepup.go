package server

import (
	"strconv"
	"strings"

	"github.com/pantomime-dev/pantomime/fixtures"
	"github.com/pantomime-dev/pantomime/mdes"
)

// methodTypes spells the step-up methods of scenario files; those the wire has
// no word for lead to the issuer's web site.
var methodTypes = map[string]string{
	"sms":              "TEXT_TO_CARDHOLDER_NUMBER",
	"email":            "EMAIL_TO_CARDHOLDER_ADDRESS",
	"app":              "CARDHOLDER_TO_USE_MOBILE_APP",
	"call":             "ISSUER_TO_CALL_CARDHOLDER_NUMBER",
	"web":              "CARDHOLDER_TO_VISIT_WEBSITE",
	"online-banking":   "CARDHOLDER_TO_VISIT_WEBSITE",
	"customer-service": "CARDHOLDER_TO_CALL_MANNED_NUMBER",
}

// firstMethod is the id of the first method of every token; ids are numbers on
// the wire (docs/wire/mdes.md "Operations").
const firstMethod = 12344

func authenticationMethods(names []string, p fixtures.Product) []mdes.AuthenticationMethod {
	var list []mdes.AuthenticationMethod
	for i, name := range names {
		m := mdes.AuthenticationMethod{ID: mdes.MethodID(strconv.Itoa(firstMethod + i)), Type: methodTypes[name]}
		switch name {
		case "sms", "call":
			m.Value = "1########" + p.ContactNumber[max(0, len(p.ContactNumber)-2):]
		case "email":
			name, host, _ := strings.Cut(p.ContactEmail, "@")
			m.Value = name[:min(1, len(name))] + "***@" + host
		case "app":
			m.Value = p.BankAppName
		case "web":
			m.Value = p.ContactWebsite
		case "online-banking":
			m.Value = p.OnlineBankingURL
		case "customer-service":
			m.Value = p.ContactNumber
		}
		list = append(list, m)
	}
	return list
}
