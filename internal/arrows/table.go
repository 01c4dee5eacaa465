package arrows

// Row is one part of the project: the folders it holds and the parts it may
// import. What those may import in turn, it may import too.
type Row struct {
	Folder string   // with everything below it that has no row of its own
	Alone  bool     // only the folder itself: each folder below needs a row
	May    []string // folders of other rows
	Tests  bool     // part of tests: no row may import it, and it may use what tests may
	Why    string   // what a further arrow would break
}

const (
	whyBottom = "words and rules sit at the bottom and import nothing of ours, so that every part can use them"
	whyEngine = "the parts of the engine do not know each other; the sandbox's step is the one place where they meet"
	whyWire   = "wire types, codec and client are for any Go program, so they carry no server and no state with them"
	whyServer = "a face sees the world only through its own wire types, the sandbox's step and the common writer"
	whyFace   = "the skeleton of all faces sees only the little world it is given; one that knew the sandbox could serve no dialect"
	whyForge  = "the harness judges anybody's server; a rule borrowed from the simulator would agree with its mistakes"
	whyTool   = "it is a tool next to the product and part of nothing"
)

// rows are all part of the project, from the bottom to the top. A part that is
// planned gets its row with its first file.
var rows = []Row{
	{Folder: "token", Why: whyBottom},
	{Folder: "clock", Why: whyBottom},
	{Folder: "seed", Why: whyBottom},
	{Folder: "internal/keystore", Why: whyBottom},
	{Folder: "simulator/store", Why: whyBottom},
	{Folder: "simulator/quota", Why: whyBottom},
	{Folder: "internal/yamldoc", Why: whyBottom},
	{Folder: "openapi", May: []string{"internal/yamldoc"}, Why: "descriptions are written by hand, never taken from the server that they judge"},
	{Folder: "fixtures", May: []string{"token", "internal/yamldoc"}, Why: "fixtures are data; whoever reads them decides what they mean"},
	{Folder: "scenarios", May: []string{"token", "fixtures", "internal/yamldoc"}, Why: "the language is checked and compiled without running anything"},
	{Folder: "scenarios/watch", May: []string{"scenarios", "clock"}, Why: "it reads files again when they change and hands on what it read; what becomes of it is the command's"},

	{Folder: "simulator/vault", May: engine, Why: whyEngine},
	{Folder: "simulator/callback", May: engine, Why: whyEngine},
	{Folder: "simulator/authorization", May: engine, Why: whyEngine},
	{Folder: "simulator/journal", May: append(engine[:len(engine):len(engine)], "simulator/quota"), Why: whyEngine},
	{Folder: "simulator/outcome", May: []string{
		"token", "clock", "seed", "simulator/vault", "simulator/callback", "simulator/journal", "scenarios",
	}, Why: "which rule applies is decided from the compiled scenario and the state alone"},
	{Folder: "simulator/sandbox", May: []string{
		"token", "clock", "seed", "simulator/store", "simulator/quota", "simulator/vault", "simulator/callback", "simulator/authorization",
		"simulator/journal", "simulator/outcome", "scenarios", "fixtures",
	}, Why: "the step is pure: it knows no door, no wire format and no HTTP"},
	{Folder: "simulator/door", May: []string{"token", "clock", "simulator/journal"}, Why: "what all faces share must know none of them, and no state"},
	{Folder: "simulator/face", May: []string{"simulator/door", "simulator/callback", "wire"}, Why: whyFace},

	{Folder: "wire", May: []string{"token"}, Why: "what codecs share knows no network and asks for no time"},
	{Folder: "vts", May: codec, Why: whyWire},
	{Folder: "mdes", May: codec, Why: whyWire},
	{Folder: "acquirer", May: codec, Why: whyWire},
	{Folder: "issuer", May: codec, Why: whyWire},
	{Folder: "vts/server", May: []string{"vts", "simulator/face", "simulator/sandbox", "simulator/door"}, Why: whyServer},
	{Folder: "mdes/server", May: []string{"mdes", "simulator/face", "simulator/sandbox", "simulator/door"}, Why: whyServer},
	{Folder: "acquirer/server", May: []string{"acquirer", "simulator/face", "simulator/sandbox", "simulator/door"}, Why: whyServer},

	{Folder: "requestor/wallet", May: []string{"token", "clock", "vts", "mdes", "acquirer"}, Why: "a requestor that could look into a network would prove nothing"},
	{Folder: "requestor", May: []string{
		"requestor/wallet", "token", "clock", "seed", "simulator/callback", "simulator/door", "simulator/face",
	}, Why: "a requestor that could look into a network would prove nothing"},
	{Folder: "control", May: []string{"token", "wire", "internal/yamldoc"}, Why: "the admin API's types and client are for any Go program, so they carry no engine with them"},
	{Folder: "simulator/control", May: []string{"control", "simulator/sandbox", "scenarios", "simulator/door", "internal/yamldoc", "openapi"}, Why: "control asks the sandbox; a handler that knew a face would act for one network only"},
	{Folder: ".", May: []string{
		"simulator/control", "simulator/face", "vts/server", "mdes/server", "acquirer/server", "issuer", "requestor", "requestor/wallet", "control", "scenarios",
	}, Alone: true, Why: "the simulator is built from all parts but the harness, which must be able to judge it from outside"},
	{Folder: "play", May: []string{".", "requestor/wallet", "control", "scenarios"}, Why: "a play is a requestor with a simulator of its own; the harness judges, a play reports"},
	{Folder: "harness", May: []string{
		"token", "clock", "fixtures", "vts", "mdes", "control", "internal/yamldoc",
	}, Why: whyForge},
	{Folder: "cmd", May: []string{
		".", "play", "harness", "scenarios", "scenarios/watch", "control", "requestor/wallet", "internal/yamldoc", "internal/keystore",
	}, Why: "commands put the parts together and hold no rules"},

	{Folder: "tools/bench", May: []string{".", "play", "requestor/wallet", "control"}, Why: "it measures the simulator; judging is the harness's"},
	{Folder: "internal/simulated", Tests: true, May: []string{"harness", ".", "scenarios"}, Why: "tests judge our own simulator with it; no program that judges somebody else's server may link it"},
	{
		Folder: "internal/stage", Tests: true, May: []string{"simulator/sandbox", "simulator/door", "simulator/face"},
		Why: "it sets up tests, of either face; a program that is made of it carries the testing library with it",
	},
	{
		Folder: "internal/recording", Tests: true, May: []string{"play"},
		Why: "it records what can be seen at the doors; what it may not import it cannot hold to its present form",
	},
	{Folder: "internal/sweep", Tests: true, Why: "it carries the testing library with it"},
	{Folder: "internal/arrows", Why: whyTool},
	{Folder: "docker/receiver", Why: whyTool},
	{Folder: "fixtures/genkeys", Why: whyTool},
}

var (
	engine = []string{"token", "clock", "seed"}
	codec  = []string{"token", "clock", "wire"}
)

// Reason says why one arrow in particular is forbidden, where the row's
// sentence is too general.
type Reason struct{ From, To, Why string }

var reasons = []Reason{
	{".", "harness", "the harness must be able to judge the simulator from outside"},
	{"simulator/face", "simulator/sandbox", "the skeleton of all faces sees only the little world it is given; one that knew the sandbox could serve no dialect"},
	{"simulator/door", "simulator/sandbox", "the door writes what a face answers; a step inside it would be a second matching point"},
	{"vts", "mdes", "the two faces are siblings over one state; what they share belongs to token or wire"},
	{"mdes", "vts", "the two faces are siblings over one state; what they share belongs to token or wire"},
	{"vts", "vts/server", "a client that links the server drags gin and the whole engine into its program"},
	{"mdes", "mdes/server", "a client that links the server drags gin and the whole engine into its program"},
	{"scenarios", "vts", "raw wire reasons are checked for shape only, so the language needs no face"},
	{"scenarios", "mdes", "raw wire reasons are checked for shape only, so the language needs no face"},
	{"scenarios", "clock", "a compiled scenario holds durations and instants; it never asks for the time"},
	{"simulator/vault", "simulator/store", "the vault is a value; only the sandbox's Append writes"},
	{"simulator/callback", "simulator/sandbox", "callback declares Renderer so that the faces can be injected; importing upwards closes a circle"},
	{"harness", ".", "the harness starts the simulator as a child process, like any other target"},
}

// Library says where one library from outside may be imported.
type Library struct {
	Path   string   // import path, with everything below it
	Only   []string // folders, each with everything below it
	Tests  bool     // also in test files anywhere, and in rows that are part of tests
	Why    string
	Except []string // folders below Only that may not
}

// libraries are all libraries there are: one that is missing here has no place yet.
var libraries = []Library{
	{Path: "gopkg.in/yaml.v3", Only: []string{"internal/yamldoc"}, Why: "the library is archived; a swap must stay one line, and its traps are dealt with in one place"},
	{Path: "github.com/onsi/ginkgo/v2", Only: []string{"harness"}, Tests: true, Why: "importing it registers some fifty flags"},
	{Path: "github.com/onsi/gomega", Only: []string{"harness"}, Tests: true, Why: "a matcher library belongs to specs"},
	{
		Path:  "github.com/gin-gonic/gin",
		Only:  []string{"simulator/door", "simulator/face", "simulator/control", "vts/server", "mdes/server", "acquirer/server", "tools/bench"},
		Tests: true, Except: engineFolders,
		Why: "HTTP stays at the doors; the engine and the clients have none",
	},
	{Path: "github.com/brianvoe/gofakeit/v6", Only: []string{"fixtures"}, Why: "its card numbers may be somebody's and its seed 0 is random; fixtures guards both"},
	{Path: "github.com/go-jose/go-jose/v4", Tests: true, Why: "the codec is our own; the library is its independent peer in tests"},
	{Path: "github.com/spf13/cobra", Only: []string{"cmd"}, Why: "flags belong to the command line"},
	{Path: "github.com/spf13/pflag", Only: []string{"cmd"}, Why: "flags belong to the command line"},
	{Path: "github.com/evanphx/json-patch/v5", Only: []string{"simulator/door", "play", "cmd"}, Why: "a scenario merges overrides into an answer where every face writes it, and over a request where a play or a command sends it"},
	{Path: "github.com/go-json-experiment/json", Only: []string{"wire", "vts", "mdes", "simulator/journal"}, Why: "the wire's JSON is read by one library: names to the letter, none twice, nothing after the end"},
	{Path: "github.com/google/go-cmp", Tests: true, Why: "it is written for tests and panics"},
	{Path: "golang.org/x/crypto/pkcs12", Tests: true, Why: "the writer of key stores is our own; this reader, which Mastercard's Go signer has, is its independent peer in tests"},
	{Path: "pgregory.net/rapid", Tests: true, Why: "it draws what tests try, and shrinks what broke them"},
	{Path: "go.uber.org/goleak", Tests: true, Why: "it is a test tool"},
	{Path: "github.com/rogpeppe/go-internal", Tests: true, Why: "it is a test tool"},
	{Path: "github.com/santhosh-tekuri/jsonschema/v6", Only: []string{"scenarios"}, Tests: true, Why: "only scenario files have a schema"},
	{Path: "github.com/fsnotify/fsnotify", Only: []string{"scenarios/watch"}, Why: "one place looks at files, and says what it read"},
	{Path: "github.com/getkin/kin-openapi", Only: []string{"simulator/control"}, Tests: true, Why: "the description is served by the control door and checked in tests"},
	{Path: "golang.org/x", Only: []string{"."}, Tests: true, Why: "the Go team's own additions are welcome everywhere"},
	{Path: "math/rand", Tests: true, Why: "ids and secrets are derived from the seed, never drawn from a stream"},
}

// engineFolders hold state and rules and see no HTTP.
var engineFolders = []string{
	"token", "clock", "seed", "simulator/store", "simulator/vault", "simulator/outcome",
	"simulator/callback", "simulator/authorization", "simulator/journal", "simulator/sandbox",
}
