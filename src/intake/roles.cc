#include "intake/roles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"
#include "dataset/case.h"
#include "intake/candidates.h"
#include "intake/choice_reasons.h"
#include "intake/compatibility.h"
#include "intake/declared.h"
#include "intake/diffusion_set.h"
#include "intake/dynamic_maps.h"
#include "intake/dynamic_sets.h"
#include "intake/joint_choice.h"
#include "intake/repetitions.h"

namespace parotis::intake {
namespace {

using dicom::Study;

// In the order of the search; the first decide first where totals are equal.
constexpr std::array kChosenRoles = {Role::kDwi, Role::kT2, Role::kT1c, Role::kT1, Role::kAdc, Role::kDce};
constexpr std::array kRolesInOrder = {Role::kT2, Role::kT1c, Role::kT1, Role::kDwi, Role::kAdc, Role::kDce};

std::vector<std::size_t> SeriesIn(const Candidate& candidate) {
  std::vector<std::size_t> series;
  for (const VolumeReference& each : candidate.volumes) {
    if (std::find(series.begin(), series.end(), each.series) == series.end()) series.push_back(each.series);
  }
  return series;
}

// An axial series of the region is worth 60 and more, a coronal or sagittal one 30 to 45, a few axial slices 25; what
// is below shows something else.
constexpr double kLeastWorth = 10;

class Assignment {
 public:
  Assignment(const Study& study, const std::vector<Pin>& pins, const SiteRules& site)
      : study_(study), declared_(Declare(study, pins, site)), classified_(declared_.classified) {
    for (const Role role : kChosenRoles) candidates_.push_back(WithNobody(role));
  }

  StudyRoles Run() {
    for (const Classification& each : classified_.series) roles_.series.push_back({each.role, {}, each.reason});
    roles_.notes = declared_.notes;
    problem_ = Problem();
    solution_ = SolveJointly(problem_);
    TakeOver();
    for (const Role role : kRolesInOrder) Judge(role);
    NameChannels();
    return std::move(roles_);
  }

 private:
  bool IsPinned(Role role) const {
    return std::find(declared_.pinned.begin(), declared_.pinned.end(), role) != declared_.pinned.end();
  }

  // Who is worth too little by himself is told so, and no company makes up for it. A role may stay empty where nobody
  // is left, where it is only a partner (T1), and where its channel can be computed (ADC). A pin leaves no choice.
  std::vector<Candidate> WithNobody(Role role) {
    std::vector<Candidate> candidates = CandidatesFor(classified_, role);
    const bool pinned = IsPinned(role);
    if (!pinned && role != Role::kAdc) {
      std::erase_if(candidates, [&](const Candidate& candidate) {
        if (SumOf(candidate.terms) >= kLeastWorth) return false;
        for (const std::size_t s : SeriesIn(candidate)) {
          classified_.series[s].reason +=
              fmt::format("; not used: too little speaks for it as {} ({:.0f} points of {})", NameOf(role),
                          SumOf(candidate.terms), kLeastWorth);
        }
        return true;
      });
    }
    const bool optional = role == Role::kT1 || (role == Role::kAdc && !pinned);
    if (candidates.empty() || optional) candidates.push_back({role, {}, {}, false});
    return candidates;
  }

  JointProblem Problem() const {
    JointProblem problem;
    const std::size_t roles = candidates_.size();
    problem.together.assign(roles, std::vector<std::vector<std::vector<double>>>(roles));
    for (std::size_t a = 0; a < roles; ++a) {
      std::vector<double>& alone = problem.alone.emplace_back();
      for (const Candidate& candidate : candidates_[a]) alone.push_back(SumOf(candidate.terms));
      for (std::size_t b = a + 1; b < roles; ++b) {
        if (!Matter(kChosenRoles[a], kChosenRoles[b])) continue;
        for (const Candidate& first : candidates_[a]) {
          std::vector<double>& row = problem.together[a][b].emplace_back();
          for (const Candidate& second : candidates_[b])
            row.push_back(SumOf(TermsTogether(classified_, first, second)));
        }
      }
    }
    return problem;
  }

  static std::size_t PlaceOf(Role role) {
    return static_cast<std::size_t>(std::find(kChosenRoles.begin(), kChosenRoles.end(), role) - kChosenRoles.begin());
  }

  const Candidate& Chosen(Role role) const {
    const std::size_t place = PlaceOf(role);
    return candidates_[place][solution_.choice[place]];
  }

  void TakeOver() {
    const auto first = [&](Role role) {
      const Candidate& chosen = Chosen(role);
      return chosen.nobody() ? std::nullopt : std::make_optional(chosen.volumes.front());
    };
    roles_.t2 = first(Role::kT2);
    roles_.t1c = first(Role::kT1c);
    roles_.t1 = first(Role::kT1);
    roles_.adc = first(Role::kAdc);
    roles_.diffusion = Chosen(Role::kDwi).volumes;
    const auto b_value = [&](const VolumeReference& each) {
      return study_.series[each.series].volumes[each.volume].b_value_s_mm2.value_or(0);
    };
    std::stable_sort(roles_.diffusion.begin(), roles_.diffusion.end(),
                     [&](const VolumeReference& a, const VolumeReference& b) { return b_value(a) < b_value(b); });
    TakeOverDynamic();
  }

  void TakeOverDynamic() {
    const Candidate& chosen = Chosen(Role::kDce);
    if (chosen.nobody()) return;
    for (DynamicSet& set : DynamicSetsOf(classified_)) {
      if (set.frames.front() == chosen.volumes.front()) roles_.dynamic = std::move(set);
    }
  }

  // A candidate's own terms, then those with the others chosen.
  std::vector<Term> TermsBeside(const Candidate& candidate) const {
    std::vector<Term> terms = candidate.terms;
    for (const Role role : kRolesInOrder) {
      if (role == candidate.role) continue;
      for (Term& term : TermsTogether(classified_, candidate, Chosen(role))) terms.push_back(std::move(term));
    }
    return terms;
  }

  std::vector<Rival> RivalsOf(Role role) const {
    std::vector<Rival> rivals;
    const std::size_t place = PlaceOf(role);
    const Candidate& chosen = Chosen(role);
    for (std::size_t c = 0; c < candidates_[place].size(); ++c) {
      const Candidate& other = candidates_[place][c];
      if (other.nobody() || c == solution_.choice[place]) continue;
      const double total = SolveJointly(problem_, std::make_pair(place, c)).total;
      const bool repeated = !chosen.nobody() && AreRuns(study_, chosen, other);
      rivals.push_back({SeriesIn(other), solution_.total - total, TermsBeside(other), repeated});
    }
    std::stable_sort(rivals.begin(), rivals.end(), [](const Rival& a, const Rival& b) { return a.behind < b.behind; });
    return rivals;
  }

  std::string DecidedBy(const RoleChoice& choice) const {
    if (IsPinned(choice.role)) return "a pin";
    for (const std::size_t s : choice.series) {
      if (const SeriesRule* rule = classified_.rules[s]) return fmt::format("site rule \"{}\"", rule->name);
    }
    return "the score";
  }

  void Judge(Role role) {
    const Candidate& chosen = Chosen(role);
    RoleChoice choice{role, SeriesIn(chosen), TermsBeside(chosen), RivalsOf(role), false, {}};
    choice.decided_by = DecidedBy(choice);
    const bool feeds = role != Role::kT1;
    if (chosen.nobody() && role != Role::kAdc && feeds) FindContradiction(role);
    if (chosen.nobody() && choice.rivals.empty()) return;
    choice.tied = !chosen.nobody() && !choice.rivals.empty() && !choice.rivals.front().repeated &&
                  choice.rivals.front().behind < kTiedBelow;
    if (choice.tied && feeds) roles_.findings.push_back({role, base::Found("role_tied", TieSentence(study_, choice))});
    for (const Rival& rival : choice.rivals) {
      if (rival.repeated && feeds) roles_.notes.push_back(RepetitionSentence(study_, choice, rival));
      for (const std::size_t s : rival.series) SayWhyNot(s, WhyPreferred(study_, choice, rival));
    }
    roles_.choices.push_back(std::move(choice));
  }

  // A series in several candidates (alone, and completed by others) is told the reason of its nearest.
  void SayWhyNot(std::size_t s, const std::string& why) {
    const auto holds = [&](const std::vector<VolumeReference>& volumes) {
      return std::any_of(volumes.begin(), volumes.end(), [&](const VolumeReference& each) { return each.series == s; });
    };
    const bool used = holds(roles_.diffusion) || holds(roles_.dynamic.frames);
    std::string& reason = roles_.series[s].reason;
    if (!used && reason.find("; not used: ") == std::string::npos) reason += "; not used: " + why;
  }

  void FindContradiction(Role role) {
    if (IsPinned(role)) return;
    for (std::size_t s = 0; s < classified_.series.size(); ++s) {
      const Classification& each = classified_.series[s];
      if (each.role == role && !each.refused.empty()) roles_.findings.push_back({role, each.refused});
      const auto& about = each.contradictory_roles;
      if (std::find(about.begin(), about.end(), role) == about.end()) continue;
      roles_.findings.push_back(
          {role, base::Found("role_contradictory", fmt::format("{} is not used as {}: {}", NameOf(study_.series[s]),
                                                               NameOf(role), each.contradiction))});
    }
  }

  void Feed(const VolumeReference& source, const std::string& channel) {
    auto& channels = roles_.series[source.series].channels;
    if (std::find(channels.begin(), channels.end(), channel) == channels.end()) channels.push_back(channel);
  }

  void NameChannels() {
    if (roles_.t2) Feed(*roles_.t2, dataset::kT2);
    if (roles_.t1c) Feed(*roles_.t1c, dataset::kT1c);
    for (const std::string& channel : DiffusionChannels(DistinctBValues(study_, roles_.diffusion))) {
      if (channel == dataset::kAdc && roles_.adc) continue;
      for (const VolumeReference& each : roles_.diffusion) Feed(each, channel);
    }
    if (roles_.adc) Feed(*roles_.adc, dataset::kAdc);
    for (const std::string& channel : DynamicChannels(roles_.dynamic)) {
      for (const VolumeReference& each : roles_.dynamic.frames) Feed(each, channel);
    }
  }

  const Study& study_;
  Declared declared_;
  ClassifiedStudy& classified_;
  std::vector<std::vector<Candidate>> candidates_;  // as kChosenRoles
  JointProblem problem_;
  JointSolution solution_;
  StudyRoles roles_;
};

}  // namespace

Pin ParsePin(const std::string& text) {
  const auto equals = text.find('=');
  const auto role = RoleNamed(text.substr(0, equals));
  if (equals == std::string::npos || !role || *role == Role::kOther || *role == Role::kT1 ||
      equals + 1 == text.size()) {
    base::Throw(
        base::ErrorKind::kUsage,
        fmt::format(
            "--pin {}: give ROLE=SERIES with ROLE one of t2, t1c, dwi, adc, dce and SERIES a number, a UID or none",
            text));
  }
  return {*role, text.substr(equals + 1)};
}

StudyRoles AssignRoles(const Study& study, const std::vector<Pin>& pins, const SiteRules& site) {
  return Assignment(study, pins, site).Run();
}

Role RoleOf(const std::string& channel) {
  if (channel == dataset::kT2) return Role::kT2;
  if (channel == dataset::kT1c) return Role::kT1c;
  if (channel == dataset::kAdc) return Role::kAdc;
  const bool dynamic = channel == dataset::kWashIn || channel == dataset::kTimeToPeak || channel == dataset::kWashOut;
  if (dynamic) return Role::kDce;
  const std::vector<std::string> known = AllChannels();
  return std::find(known.begin(), known.end(), channel) == known.end() ? Role::kOther : Role::kDwi;
}

std::vector<std::string> AllChannels() {
  return {dataset::kT2,
          dataset::kT1c,
          dataset::kB0,
          dataset::kB1000,
          dataset::kAdc,
          dataset::kDiffusivity,
          dataset::kPerfusionFraction,
          dataset::kPseudoDiffusion,
          dataset::kKurtosis,
          dataset::kWashIn,
          dataset::kTimeToPeak,
          dataset::kWashOut};
}

bool IsFittedMap(const std::string& channel) { return dataset::IsQuantity(channel) && channel != dataset::kAdc; }

std::vector<std::string> FittedMaps() {
  std::vector<std::string> maps = AllChannels();
  std::erase_if(maps, [](const std::string& channel) { return !IsFittedMap(channel); });
  return maps;
}

void RefuseContradiction(const StudyRoles& roles, const std::string& channel) {
  for (const RoleFinding& each : roles.findings) {
    if (each.role == RoleOf(channel) && each.finding.refuses())
      base::Refuse({each.finding.code, fmt::format("channel {}: {}", channel, each.finding.message)});
  }
}

std::vector<std::string> AvailableChannels(const StudyRoles& roles) {
  std::vector<std::string> available;
  for (const std::string& channel : AllChannels()) {
    const bool fed = std::any_of(roles.series.begin(), roles.series.end(), [&](const SeriesRole& role) {
      return std::find(role.channels.begin(), role.channels.end(), channel) != role.channels.end();
    });
    if (fed) available.push_back(channel);
  }
  return available;
}

}  // namespace parotis::intake
