package main

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// mistakes are what people type, and the one line that mends it. [J1]
var mistakes = []struct{ typed, meant string }{
	// Commands.
	{"provison", "call provision"},
	{"provision --card test/visa/1", "call provision --card test/visa/1"},
	{"Cryptogram", "call cryptogram"},
	{"status --card test/visa/1", "call status --card test/visa/1"},
	{"token.suspended --card alice", "trigger token.suspended --card alice"},
	{"serv", "serve"},
	{"SERVE --seed 0", "serve --seed 0"},
	{"start", "serve"},
	{"validate shop.yaml", "check shop.yaml"},
	{"lint shop.yaml", "check shop.yaml"},
	{"shop.yaml", "check shop.yaml"},
	{"logs", "journal"},
	{"webhooks", "callbacks"},
	{"credentials", "env"},
	{"failnext provision", "fail-next provision"},
	{"list scenario", "list scenarios"},
	{"list card", "list cards"},
	{"sandbox create qa", "sandbox new qa"},
	{"sandbox list", "sandbox ls"},
	{"sandbox delete qa", "sandbox rm qa"},
	{"clock forward 1d", "clock advance 1d"},
	{"conform serve", "conform server"},
	// Flags.
	{"call provision --crd test/visa/1", "call provision --card test/visa/1"},
	{"call suspend --reasn OTHER", "call suspend --reason OTHER"},
	{"journal --operaton provision", "journal --operation provision"},
	{"serve --port 8480", "serve --listen 127.0.0.1:8480"},
	{"serve --file shop.yaml", "serve --scenario shop.yaml"},
	{"serve --scenarios=shop.yaml", "serve --scenario=shop.yaml"},
	{"call provision --pan test/visa/1", "call provision --card test/visa/1"},
	{"fail-next provision --erorr limit_exceeded", "fail-next provision --error limit_exceeded"},
	// Words without their flag.
	{"call provision alice", "call provision --card alice"},
	{"call status 0123456789abcdef0123456789abcdef", "call status --token 0123456789abcdef0123456789abcdef"},
	{"trigger token.suspended alice", "trigger token.suspended --card alice"},
	{"fail-next provision alice", "fail-next provision --card alice"},
	{"serve shop.yaml", "serve --scenario shop.yaml"},
	{"conform server vts", "conform server --suite vts"},
	// Names.
	{"call provison --card test/visa/1", "call provision --card test/visa/1"},
	{"call PROVISION --card test/visa/1", "call provision --card test/visa/1"},
	{"call visa/gettoken --token x", "call visa/getToken --token x"},
	{"call provision --card test/visa/01", "call provision --card test/visa/1"},
	{"call provision --card test/viza/1", "call provision --card test/visa/1"},
	{"env --requestor walet", "env --requestor wallet"},
	{"trigger suspend --card test/visa/1", "trigger token.suspended --card test/visa/1"},
	{"trigger token.suspend --card test/visa/1", "trigger token.suspended --card test/visa/1"},
	{"trigger replace-pan --card test/visa/1", "trigger pan.replaced --card test/visa/1"},
	{"fail-next provison --error limit_exceeded", "fail-next provision --error limit_exceeded"},
	{"fail-next provision --fault timeout", "fail-next provision --fault hang"},
	{"fail-next provision --fault hng", "fail-next provision --fault hang"},
	{"fail-next provision --fault rate-limit", "fail-next provision --fault 429"},
	{"fail-next provision --error limit_exceded", "fail-next provision --error limit_exceeded"},
	{"call getToken --network viza --token x", "call getToken --network visa --token x"},
	{"callbacks --state delivred", "callbacks --state delivered"},
	{"conform server --suite vtz --target shop.yaml", "conform server --suite vts --target shop.yaml"},
	{"serve --log-level inf", "serve --log-level info"},
	{"explain lst", "explain last"},
	{"clock now --sandbox defalt", "clock now --sandbox default"},
	{"sandbox show defult", "sandbox show default"},
	{"journal --operation provison", "journal --operation provision"},
	{"journal --network vissa", "journal --network visa"},
	{"journal --requestor walet", "journal --requestor wallet"},
	{"callbacks --event token.suspnded", "callbacks --event token.suspended"},
	{"list errors --network master-card", "list errors --network mastercard"},
	{"list scenarios suspended-for-frad", "list scenarios suspended-for-fraud"},
	{"call getToken -o jsn --token x", "call getToken -o json --token x"},
	// Files and scenarios.
	{"check shop.yml", "check shop.yaml"},
	{"check shpo.yaml", "check shop.yaml"},
	{"play suspended-for-frad", "play suspended-for-fraud"},
	{"serve --scenario shop.yml", "serve --scenario shop.yaml"},
	// Times and addresses.
	{"clock advance 1y", "clock advance 365d"},
	{"clock advance 2mo", "clock advance 60d"},
	{"clock advance 30days", "clock advance 30d"},
	{"clock advance 1 day", "clock advance 1d"},
	{"clock advance 30", "clock advance 30s"},
	{"clock advance --by 30d", "clock advance 30d"},
	{"clock advance --to 2026-03-01T09:00:00Z", "clock to 2026-03-01T09:00:00Z"},
	{"clock advance 2026-03-01", "clock to 2026-03-01T00:00:00Z"},
	{"clock to 2026-03-01", "clock to 2026-03-01T00:00:00Z"},
	{"clock to 36h", "clock advance 36h"},
	{"fail-next provision --delay 3sec", "fail-next provision --delay 3s"},
	{"serve --listen 8480", "serve --listen 127.0.0.1:8480"},
	{"serve --listen 127.0.0.1:0 --admin 8481", "serve --listen 127.0.0.1:0 --admin 127.0.0.1:8481"},
	{"serve --listen localhost", "serve --listen localhost:8480"},
	{"serve --admin 0.0.0.0", "serve --admin 0.0.0.0:8481"},
	{"serve --notify localhost:9000/hook", "serve --notify http://localhost:9000/hook"},
	{"serve --clock 2026-03-01", "serve --clock manual@2026-03-01T00:00:00Z"},
	{"serve --clock manual@2026-03-01", "serve --clock manual@2026-03-01T00:00:00Z"},
	{"serve --clock frozen", "serve --clock manual"},
	{"clock 30d", "clock advance 30d"},
	{"clock 2026-03-01", "clock to 2026-03-01T00:00:00Z"},
	{"clock set 2026-03-01 --sandbox default", "clock to 2026-03-01T00:00:00Z --sandbox default"},
	{"clock reset", "sandbox reset default"},
	// What belongs to another command, and several slips at once.
	{"demo shop.yaml", "play shop.yaml"},
	{"verify shop.yaml", "play shop.yaml"},
	{"journal last", "explain last"},
	{"journal r-17", "explain r-17"},
	{"callbacks last", "callbacks show last"},
	{"explain alice", "explain token --card alice"},
	{"explain 0123456789abcdef0123456789abcdef", "explain token 0123456789abcdef0123456789abcdef"},
	{"sandbox ls default", "sandbox show default"},
	{"sandbox info default", "sandbox show default"},
	{"help provision", "help call"},
	{"help token.suspended", "help trigger"},
	{"env wallet", "env --requestor wallet"},
	{"conform --suite vts", "conform server --suite vts"},
	{"conform server --suite visa", "conform server --suite vts"},
	{"list card --network vissa", "list cards --network visa"},
	{"provison alice", "call provision --card alice"},
	{"sandbox new QA_1", "sandbox new qa-1"},
	// Payments, failures, and letters for flags.
	{"pay --card test/visa/1", "call authorize --card test/visa/1"},
	{"call pay --card test/visa/1", "call authorize --card test/visa/1"},
	{"call authorize --card test/visa/1 --amount 10.50", "call authorize --card test/visa/1 --amount 1050"},
	{"call provision card test/visa/1", "call provision --card test/visa/1"},
	{"call provision -c test/visa/1", "call provision --card test/visa/1"},
	{"fail-next provision --error 503", "fail-next provision --fault 503"},
	{"fail-next provision --status 503", "fail-next provision --fault 503"},
	{"fail-next provision limit_exceeded", "fail-next provision --error limit_exceeded"},
	{"fail-next provision hang", "fail-next provision --fault hang"},
	{"fail-next provision decline", "fail-next provision --decision decline"},
	{"trigger suspended --card test/visa/1", "trigger token.suspended --card test/visa/1"},
	{"journal -n 5", "journal --limit 5"},
	{"journal --tail", "journal --follow"},
	{"serve -p 8480", "serve --listen 127.0.0.1:8480"},
	{"serve -f shop.yaml", "serve --scenario shop.yaml"},
	{"serve --debug", "serve --log-level=debug"},
	{"coverage --missing", "coverage --missed"},
	{"version --json", "version --output=json"},
	{"-V", "--version"},
}

func TestMend(t *testing.T) {
	admin := at(t)
	t.Chdir(t.TempDir())
	if err := os.WriteFile("shop.yaml", []byte("version: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, m := range mistakes {
		code, _, said := command(t, admin, strings.Fields(m.typed)...)
		if want := "\nDid you mean `pantomime " + m.meant + "`?\n"; code != exitUsage || !strings.Contains(said, want) {
			t.Errorf("%s: %d, want%s%s", m.typed, code, want, said)
		}
		if l := takeApart(newRoot(&app{}), strings.Fields(m.meant)); l.depth == 0 && m.meant != "--version" || slices.ContainsFunc(l.flags, func(f flagUse) bool { return !f.known && f.name != "version" }) {
			t.Errorf("%s is named as %s, which is no command of ours", m.typed, m.meant)
		}
	}
}

// What is right, or wrong in a way that no other word mends, gets no such line.
func TestMend_LeavesTheRest(t *testing.T) {
	admin := at(t)
	for _, typed := range []string{"health", "call provision", "frobnicate", "call provision --card zzzzzz", "health --timeout 0", "clock advance 1000y", "serve --listen 127.0.0.1:99999", "check /nonexistent/zzzzzz.yaml", "clock advance soon", "explain r-999", "call authorize --card test/visa/1 --amount -3", "call capture --amount -30"} {
		if _, _, said := command(t, admin, strings.Fields(typed)...); strings.Contains(said, "Did you mean") {
			t.Errorf("%s: %s", typed, said)
		}
	}
}

// [J1]
func TestVersion_AsAFlag(t *testing.T) {
	for _, flag := range []string{"--version", "-v", "version"} {
		if code, out, _ := command(t, "", flag); code != exitGood || !strings.HasPrefix(out, "pantomime v-test (go") {
			t.Errorf("%s: %d %q", flag, code, out)
		}
	}
}

// [C4] Each flag of each command that is misspelt is mended.
func TestMend_EveryFlag(t *testing.T) {
	tried := 0
	var walk func(path []string, cmd *cobra.Command)
	walk = func(path []string, cmd *cobra.Command) {
		for _, child := range cmd.Commands() {
			walk(append(slices.Clone(path), child.Name()), child)
		}
		if cmd.Hidden || cmd.RunE == nil {
			return
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Hidden || f.Name == "help" {
				return
			}
			tried++
			typed := "--" + f.Name + f.Name[len(f.Name)-1:] // a key that sticks
			_, _, said := command(t, "127.0.0.1:1", append(slices.Clone(path), typed)...)
			if !strings.Contains(said, "Did you mean `pantomime "+strings.Join(append(slices.Clone(path), "--"+f.Name), " ")+"`?\n") {
				t.Errorf("%v %s: %s", path, typed, said)
			}
		})
	}
	walk(nil, newRoot(&app{}))
	if tried < 100 {
		t.Errorf("only %d flags were tried", tried)
	}
}
