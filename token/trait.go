package token

// Traits say what an operation's requests and answers carry, as far as rules
// can depend on it. Every request names its requestor.
type Traits struct {
	Card   bool // the request tells the card: by its number, its handle or a token of it
	Token  bool // the request can name a token
	Sealed bool // the answer can carry cipher text
}

// traits has a row for each operation (docs/wire/vts.md "Operations",
// "Encryption"; docs/wire/mdes.md "Operations", "Encryption").
var traits = map[Operation]Traits{
	VisaEnroll:           {Card: true},
	VisaCardMetadata:     {Card: true},
	VisaProvision:        {Card: true, Sealed: true},
	VisaProvisionWithPAN: {Card: true, Sealed: true},
	VisaGetToken:         {Card: true, Token: true},
	VisaPaymentData:      {Card: true, Token: true, Sealed: true},
	VisaSuspend:          {Card: true, Token: true},
	VisaResume:           {Card: true, Token: true},
	VisaDelete:           {Card: true, Token: true},
	VisaContent:          {},
	VisaStepUpOptions:    {Card: true, Token: true},
	VisaStepUpMethod:     {Card: true, Token: true},
	VisaValidateOTP:      {Card: true, Token: true},
	VisaValidateAuthCode: {Card: true, Token: true},
	VisaDeviceBinding:    {Card: true, Token: true},
	VisaAttestation:      {Card: true, Token: true},
	MCTokenize:           {Card: true, Token: true, Sealed: true}, // a token stands for its account
	MCTransact:           {Card: true, Token: true, Sealed: true},
	MCTaskStatus:         {},
	MCGetToken:           {Card: true, Token: true, Sealed: true},
	MCSearchTokens:       {Card: true, Token: true},
	MCSuspend:            {Card: true, Token: true}, // of a batch, the first token counts
	MCUnsuspend:          {Card: true, Token: true},
	MCDelete:             {Card: true, Token: true},
	MCGetAsset:           {},
	MCDigitalArt:         {Card: true},
}

// Traits are what requests and answers of the operation carry.
func (op Operation) Traits() Traits { return traits[op] }
